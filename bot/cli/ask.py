"""``faro ask``: a question, or a file of conversations, answered as on a channel."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from bot import settings
from bot.messages import Attachment, InboundMessage, Location, OutboundMessage
from bot.processes.models import current_model, newest_model, train
from bot.runtime.logs import configure_logs
from bot.runtime.state import PersonState
from bot.text import clean

CRISIS_LABEL = "emergency_help"  # the label of whatever the crisis guard answered


def main(options: argparse.Namespace) -> int:
    if bool(options.text) == bool(options.batch):
        raise settings.SettingError(
            "Give a question in quotes, or --batch IN.jsonl --out OUT.jsonl."
        )
    if options.batch and not options.out:
        raise settings.SettingError("--batch needs --out OUT.jsonl for the results.")
    configure_logs(logging.ERROR)
    if options.text:
        line = {
            "id": "1",
            "text": options.text,
            "channel": options.channel,
            "country": options.country,
            "lang": options.lang,
        }
        (result,) = asyncio.run(_answer_all([line]))
        _show(result, options.json)
        return 0
    lines = list(_read(options.batch))
    results = asyncio.run(_answer_all(lines))
    options.out.write_text(
        "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results),
        encoding="utf-8",
    )
    return 0


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise settings.SettingError(f"{path} cannot be read: {error.strerror}") from error
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except ValueError as error:
            raise settings.SettingError(f"{path}:{number}: not JSON: {error}") from error
        if "text" not in line and "turns" not in line:
            raise settings.SettingError(f"{path}:{number}: has neither `text` nor `turns`")
        yield line


async def _answer_all(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from bot.runtime.assistant import Assistant
    from bot.runtime.trackers import Trackers

    model = current_model() or newest_model() or train()
    assistant = Assistant.load(str(model), Trackers())
    await assistant.warm_up()
    shown = track(lines, "asking", console=Console(stderr=True), disable=len(lines) < 20)
    return [await _Conversation(assistant, line).run() for line in shown]


@dataclass
class _Conversation:
    """One person, from the first message to the last."""

    assistant: Any
    line: Mapping[str, Any]
    state: PersonState = field(default_factory=PersonState)
    asked: int = 0
    country: str | None = None  # as the front desk would know them
    language: str | None = None

    async def run(self) -> dict[str, Any]:
        await self._set_up()
        name = {"id": self.line.get("id")}
        if "turns" not in self.line:
            return {**name, **await self._ask(self.line["text"])}
        results = []
        for turn in self.line["turns"]:
            if isinstance(turn, dict) and "wait_hours" in turn:
                await self._wait(float(turn["wait_hours"]))
                continue
            results.append(await self._ask(turn))
        return {**name, "turns": results}

    @property
    def _person(self) -> str:
        return f"ask-{self.line.get('id')}-{id(self)}"

    @property
    def _channel(self) -> str:
        return str(self.line.get("channel") or "whatsapp")

    async def _set_up(self) -> None:
        """Let the person have said before where they are and what they speak."""
        from rasa.shared.core.events import SlotSet

        country, language = self.line.get("country"), self.line.get("lang")
        self.country, self.language = country, language
        slots = {
            "country": country,
            "origin": country,
            "language": language,
            "language_chosen": bool(language) or None,
        }
        store = self.assistant.agent.tracker_store
        tracker = await store.get_or_create_tracker(self._person)
        known = [SlotSet(name, value) for name, value in slots.items() if value]
        if known:
            tracker.update_with_events(known, self.assistant.agent.domain)
            await store.save(tracker)

    async def _wait(self, hours: float) -> None:
        """Let time pass: what was said, and the menu, grow older."""
        from rasa.shared.core.events import SlotSet

        store = self.assistant.agent.tracker_store
        tracker = await store.retrieve(self._person)
        if tracker is not None:
            for event in tracker.events:
                event.timestamp -= hours * 3600
                if isinstance(event, SlotSet) and isinstance(event.value, dict):
                    event.value["at"] -= hours * 3600  # a guided conversation
            await store.save(tracker)
        self.state = replace(self.state, menu_at=self.state.menu_at - hours * 3600)

    async def _forget(self) -> None:
        """Be a stranger again, as after an erasure."""
        await self.assistant.agent.tracker_store.delete(self._person)
        self.state, self.country, self.language = PersonState(), None, None

    async def _ask(self, turn: Any) -> dict[str, Any]:
        began = time.perf_counter()
        self.asked += 1
        message = self._message(turn)
        reflex = self.assistant.reflexes(message, self.country, self.language)
        replies: tuple[OutboundMessage, ...] = reflex.replies
        parse: Mapping[str, Any] = {}
        top: list[tuple[str, float]] = []
        if reflex.for_assistant:
            flagged = replace(message, flags=(*message.flags, *reflex.flags))
            said = await self.assistant.handle(flagged, self.state)
            self.state, parse, top = said.state, said.parse, said.ranking
            replies += said.replies
            if said.parse:
                self.country, self.language = said.country, said.language
        offered = next((reply.choices for reply in reversed(replies) if reply.choices), ())
        self.state = self.state.after(offered, time.time())
        if any(reply.about.get("phrase") == "erased" for reply in replies):
            await self._forget()
        about = [reply.about for reply in replies]
        return {
            "label": _label(parse, about),
            "top": [[label, share] for label, share in top[:5]],
            "language": (parse.get("language") or {}).get("name")
            or (replies[-1].language if replies else None),
            "crisis": any("crisis" in said for said in about),
            "replies": [
                {
                    "text": reply.text,
                    "buttons": [
                        {"title": choice.title, "payload": choice.payload}
                        for choice in reply.choices
                    ],
                }
                for reply in replies
            ],
            "facts": list(dict.fromkeys(fact for said in about for fact in said.get("facts", ()))),
            "ms": round((time.perf_counter() - began) * 1000, 1),
        }

    def _message(self, turn: Any) -> InboundMessage:
        """Return a turn as the message a channel would have made of it."""
        message = InboundMessage(
            self._channel, self._person, f"ask{self.asked}", received_at=time.time()
        )
        if isinstance(turn, str):
            text, flags = clean(turn)
            return replace(message, text=text, flags=flags)
        if "choice" in turn:
            wanted = str(turn["choice"])
            for choice in self.state.menu:
                if wanted in (choice.title, choice.payload):
                    return replace(
                        message, kind="choice", text=choice.title, payload=choice.payload
                    )
            return replace(message, text=clean(wanted)[0])
        if turn.get("voice"):
            return replace(message, kind="media", attachments=(Attachment("voice", "audio/ogg"),))
        if "location" in turn:
            lat, lon = turn["location"]
            place = Location(round(lat, 2), round(lon, 2))
            return replace(message, kind="location", location=place)
        return replace(message, kind="unsupported")


def _label(parse: Mapping[str, Any], about: list[dict[str, Any]]) -> str | None:
    """Return the label of the answer given, else the best guess; None for a button's work."""
    if any("crisis" in said for said in about):
        return CRISIS_LABEL
    selected = parse.get("response_selector", {}).get("faq", {}).get("response", {})
    key: str = selected.get("intent_response_key") or ""
    if key:
        return key.removeprefix("faq/")
    ranking = parse.get("intent_ranking") or []
    guess: str = ranking[0]["name"] if ranking else ""
    if guess.startswith("faq/"):
        return guess.removeprefix("faq/")
    return next((said["answer"] for said in reversed(about) if said.get("answer")), None)


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        return
    console = Console()
    for reply in result["replies"]:
        console.print(reply["text"], markup=False)
        for number, button in enumerate(reply["buttons"], 1):
            console.print(f"  [{number}] {button['title']}", markup=False, style="cyan")
        console.print()
    top = ", ".join(f"{label} {share:.2f}" for label, share in result["top"][:3])
    console.print(
        f"label {result['label']} ({top}) · language {result['language']} · "
        f"crisis {result['crisis']} · {len(result['facts'])} facts · {result['ms']} ms",
        style="dim",
    )
