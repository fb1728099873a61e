"""One message in, its replies out: the Rasa assistant behind plain data.

Used by the worker for people, and by ``faro ask`` for questions typed in a terminal.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from bot.runtime import without_tensorflow

without_tensorflow.install()

from rasa.core.agent import Agent  # noqa: E402 - only after the stand-ins are in place
from rasa.core.channels.channel import OutputChannel, UserMessage  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.shared.core.events import SlotSet  # noqa: E402

from bot import geography, guides, settings  # noqa: E402
from bot.choices import AGAIN, MORE  # noqa: E402
from bot.commands import language_of, recognise  # noqa: E402
from bot.content.compose import Person, compose, compose_phrase  # noqa: E402
from bot.content.files import read_yaml  # noqa: E402
from bot.content.live import LiveRelease, live_release  # noqa: E402
from bot.content.model import SOURCE_LANGUAGE  # noqa: E402
from bot.messages import Choice, InboundMessage, OutboundMessage, Quiz  # noqa: E402
from bot.reflexes import CRISIS_MAYBE, Reflexes  # noqa: E402
from bot.runtime import actions, engine_patches  # noqa: E402
from bot.runtime.choosing import Choosing  # noqa: E402
from bot.runtime.events import Event  # noqa: E402
from bot.runtime.handover import WITH_STAFF  # noqa: E402
from bot.runtime.locks import LocalLocks  # noqa: E402
from bot.runtime.state import PersonState  # noqa: E402
from bot.runtime.trackers import Trackers  # noqa: E402
from bot.runtime.understanding import Understanding  # noqa: E402
from bot.text import for_rasa  # noqa: E402

FIRST_CONTACT = "first_contact"
FAQ = "faq/"
IN_CRISIS = "crisis_"  # so begin the answers to somebody in danger


@dataclass(frozen=True)
class Turn:
    """What one message led to. ``parse`` is what Rasa understood."""

    replies: tuple[OutboundMessage, ...]
    state: PersonState
    parse: Mapping[str, Any] = field(default_factory=dict)
    country: str | None = None  # where the person is, as far as we know
    milliseconds: float = 0.0
    events: tuple[Event, ...] = ()  # what else staff are to know
    handover: Mapping[str, Any] | None = None  # what a person of the team takes over

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """Topics, best first: (label, confidence)."""
        return [
            (item["name"].removeprefix(FAQ), round(float(item["confidence"]), 4))
            for item in self.parse.get("intent_ranking") or []
        ]

    @property
    def crisis(self) -> str | None:
        """The type of crisis the message tells of, whichever guard heard it."""
        return _crisis(self.parse)

    @property
    def language(self) -> str:
        """The language we last spoke in, "" if we said nothing."""
        return self.replies[-1].language if self.replies else ""

    @property
    def erased(self) -> bool:
        """Whether the person had everything about them deleted."""
        return any(reply.about.get("phrase") == "erased" for reply in self.replies)

    @property
    def consent(self) -> str:
        """Return "stop" or "start" if that was tapped or chosen by number, else ""."""
        said = {reply.about.get("phrase") for reply in self.replies}
        return "stop" if "stopped" in said else "start" if "started" in said else ""


def _answered(abouts: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether a question was answered: its stop word ("me pueden detener") meant no stop."""
    return any(said.get("answer") not in (None, "out_of_scope") for said in abouts)


class _Replies(OutputChannel):
    """Collects what Rasa says. Its name is the person's channel, so that the words fit it."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:  # Rasa asks the instance
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(dict(message))


class Assistant:
    """A loaded model with everything around it."""

    def __init__(self, agent: Agent, live: LiveRelease) -> None:
        if agent.processor is None:
            raise ValueError("There is no model in this agent.")
        self.agent = agent
        self.live = live
        self._understanding = Understanding(agent.processor)
        self.reflexes = Reflexes(lambda: live.current)
        self._choosing = Choosing()
        self._towns = read_yaml(settings.ROOT / "data" / "geography.yml")

    @classmethod
    def load(cls, model: str, trackers: TrackerStore | None = None) -> Assistant:
        """Load a model file or the newest model of a folder."""
        endpoints = AvailableEndpoints.read_endpoints(str(settings.ROOT / "endpoints.yml"))
        if settings.get("FARO_ENGINE") != "plain":
            engine_patches.apply()
        store = trackers or Trackers()
        agent = Agent.load(
            model,
            generator=endpoints.nlg,
            tracker_store=store,
            lock_store=LocalLocks(),
            action_endpoint=actions.endpoint(endpoints.action),
        )
        # Rasa wraps the store: when it is away, the person is a stranger in memory, and the old
        # conversation is overwritten afterwards. For us that is an error, and tried again.
        agent.tracker_store = store
        if agent.processor:
            agent.processor.tracker_store = store
        return cls(agent, live_release())

    async def warm_up(self) -> None:
        """Load what loads on first use, so that the first person does not wait for it."""
        await self.agent.parse_message("hola")

    async def handle(self, message: InboundMessage, state: PersonState) -> Turn:
        """Return the replies to a message and the person's state after them.

        Raise whatever the assistant raised: the caller decides whether to try again.
        """
        began = time.perf_counter()
        slots = await self._slots(message.user_ref)
        choice = self._choosing.payload(message, state, slots, self.live.current)
        if choice and choice.startswith(MORE):
            shown = int(choice.removeprefix(MORE))
            return self._offer("choose", state.menu[shown:], state, slots.get("language"))
        if choice == AGAIN:
            key = "number_unknown" if state.current_menu() else "menu_expired"
            return self._offer(key, state.menu, state, slots.get("language"))
        output = _Replies(message.channel)
        user_message = UserMessage(
            text=for_rasa(message.text) or message.kind,
            output_channel=output,
            sender_id=message.user_ref,
            input_channel=message.channel,
            message_id=message.provider_id,
            # Written into the conversation: so no address, no name, no raw request.
            metadata={
                "choice": choice,
                "kind": message.kind,
                "attachment": message.attachments[0].type if message.attachments else None,
                "crisis": message.crisis,
                "crisis_doubt": message.doubt,
                "crisis_maybe": CRISIS_MAYBE in message.flags,
                "language": slots.get("language"),
                "language_chosen": bool(slots.get("language_chosen")),
                "language_hint": self._spoken(message) or message.language_hint,
                "pending": slots.get("pending"),
                "guided": bool(slots.get("guide")),
                "forwarded": "forwarded" in message.flags,
                "with_staff": WITH_STAFF in message.flags,
                "countries": self._countries(message),
            },
        )
        user_message.parse_data = await self._understanding.parse(user_message)
        await self.agent.handle_message(user_message)
        after = await self.agent.tracker_store.retrieve(message.user_ref)
        parse = dict(after.latest_message.parse_data) if after and after.latest_message else {}
        replies = [self._outbound(said) for said in output.messages]
        abouts = [said.get("about") or {} for said in output.messages]
        if state.is_new and not _crisis(parse):
            language = after.get_slot("language") if after else None
            replies.insert(0, self._first_contact(message, language))
        if "stop_word" in message.flags and not _answered(abouts):
            replies.append(self._phrase("stop_question", after and after.get_slot("language")))
        offered = next((reply.choices for reply in reversed(replies) if reply.choices), ())
        return Turn(
            replies=tuple(replies),
            state=state.after(offered, time.time()),
            parse=parse,
            country=after.get_slot("country") if after else None,
            milliseconds=(time.perf_counter() - began) * 1000,
            events=tuple(
                Event(event["type"], {**event["details"], "channel": message.channel})
                for about in abouts
                for event in about.get("events") or ()
            ),
            handover=next((about["handover"] for about in abouts if about.get("handover")), None),
        )

    async def _slots(self, person: str) -> dict[str, Any]:
        """Return what is remembered of a person; a guided conversation a day old is forgotten."""
        store = self.agent.tracker_store
        tracker = await store.retrieve(person)
        if tracker is None:
            return {}
        if tracker.get_slot("guide") and not guides.current(tracker.get_slot("guide"), time.time()):
            tracker.update(SlotSet("guide", None))
            await store.save(tracker)
        return dict(tracker.current_slot_values())

    def _spoken(self, message: InboundMessage) -> str | None:
        """Return the language of a command word; what is no command is read by the model."""
        words = self.live.current.content.words
        if recognise(message.text, words) in guides.REPLIES:  # "visa" is a word everywhere
            return None
        return language_of(message.text, words)

    def _countries(self, message: InboundMessage) -> list[str] | None:
        """Return where a shared location may lie; the location itself is written nowhere."""
        place = message.location
        return geography.countries_at(place.lat, place.lon, self._towns) if place else None

    def _offer(
        self, key: str, choices: tuple[Choice, ...], state: PersonState, language: str | None
    ) -> Turn:
        """Return choices of the last menu: those that did not fit, or all of them once more."""
        said = self._phrase(key, language, choices)
        return Turn((said,), state.after(said.choices, time.time()))

    def _phrase(
        self, key: str, language: str | None, choices: tuple[Choice, ...] = ()
    ) -> OutboundMessage:
        """Return one of the bot's own phrases as a reply."""
        release, language = self.live.current, language or SOURCE_LANGUAGE
        return OutboundMessage(
            compose_phrase(release, key, language),
            choices=choices,
            prompt=release.phrase("choose", language),
            more_title=release.phrase("choice_menu", language),
            alphabet="gsm",
            language=language,
            about={"phrase": key, "release": release.number},
        )

    def _outbound(self, said: Mapping[str, Any]) -> OutboundMessage:
        about = dict(said.get("about") or {})
        events = about.pop("events", None) or ()
        # As the desk says of its own answers: what was heard, and by which rule.
        told: Mapping[str, Any] = next(
            (event["details"] for event in events if event["type"] == "crisis"), {}
        )
        about |= {name: told[name] for name in ("crisis", "rule") if name in told}
        about.pop("handover", None)  # what a person wrote does not travel with our words
        quiz = about.pop("quiz", None)
        language = about.get("language") or SOURCE_LANGUAGE
        release = self.live.current
        return OutboundMessage(
            text=said.get("text") or "",
            choices=tuple(
                Choice(button["title"], button["payload"]) for button in said.get("buttons") or ()
            ),
            quiz=Quiz(**quiz) if quiz else None,
            prompt=release.phrase("choose", language),
            more_title=release.phrase("choice_menu", language),
            alphabet="gsm",
            purpose="crisis" if str(about.get("answer")).startswith(IN_CRISIS) else "reply",
            language=language,
            about=about,
        )

    def _first_contact(self, message: InboundMessage, language: str | None) -> OutboundMessage:
        release = self.live.current
        person = Person(language=language or SOURCE_LANGUAGE, channel=message.channel)
        said = compose(release, FIRST_CONTACT, person, datetime.now(timezone.utc).date())
        return OutboundMessage(
            text=said.text,
            alphabet="gsm",
            language=said.language,
            about={"answer": FIRST_CONTACT, "release": release.number, "facts": dict(said.facts)},
        )


def _crisis(parse: Mapping[str, Any]) -> str | None:
    if (parse.get("intent") or {}).get("name") != "crisis":
        return None
    entities = parse.get("entities") or ()
    return next((found["value"] for found in entities if found["entity"] == "crisis"), None)
