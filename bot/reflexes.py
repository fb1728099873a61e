"""What is answered at once, before and whatever becomes of the assistant: crisis and stop words.

Pure: a message and the live release in, replies out. So it works with the model, the
actions and the store down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone

from bot import settings
from bot.consent import mentions, recognise
from bot.content.compose import Person, compose, compose_phrase
from bot.content.files import read_yaml
from bot.content.model import SOURCE_LANGUAGE, Release
from bot.content.titles import title
from bot.crisis import ALONE, Hit, Rules
from bot.messages import Choice, InboundMessage, OutboundMessage
from bot.payloads import CRISIS_CHOICES
from bot.places import Names
from bot.runtime.desk import Reflex
from bot.runtime.events import Event
from bot.runtime.flood import FLOODED, MUTED

STOP, START = "x:stop", "x:start"
CRISIS_MAYBE = "crisis_maybe"  # flag: a question, asked because of a danger
STOP_WORD = "stop_word"  # flag: a stop word stands inside the text, which is no opt-out


def static_error(release: Release, message: InboundMessage) -> OutboundMessage:
    """Return what is said when the assistant failed: sorry, and whom to call in danger."""
    return OutboundMessage(
        compose_phrase(release, "error_static", SOURCE_LANGUAGE),
        alphabet="gsm",
        about={"phrase": "error_static", "release": release.number},
    )


def flood_notice(release: Release, message: InboundMessage) -> OutboundMessage:
    """Return what is said, once, to somebody who writes too fast."""
    language = (message.language_hint or SOURCE_LANGUAGE).partition("-")[0]
    return OutboundMessage(
        release.phrase("flood_notice", language),
        alphabet="gsm",
        language=language,
        about={"phrase": "flood_notice", "release": release.number},
    )


class Reflexes:
    """Answers what must not wait, from the release that is live at that moment."""

    def __init__(self, live: Callable[[], Release]) -> None:
        self._live = live
        self._compiled: tuple[str, Rules] | None = None
        self._names = Names(**read_yaml(settings.ROOT / "data" / "places.yml"))

    def __call__(
        self, message: InboundMessage, country: str | None = None, language: str | None = None
    ) -> Reflex:
        release = self._live()
        otherwise, flags = None, []
        if message.text and message.kind in ("text", "media", "choice"):
            hit = self._rules(release).find(message.text)
            if hit:
                # "Danger" alone is a word of several languages: the person's own then counts.
                told_in = language if hit.rule == ALONE and language else hit.language
                hit = replace(hit, language=told_in)
                where = self._names.where(message.text, country)
                answer = crisis_reflex(release, message, hit, where)
                if hit.sure or {FLOODED, MUTED} & {*message.flags}:  # no second guard will see it
                    return answer
                otherwise = answer
                flags.append(f"doubt:{hit.type}")
        consent, language = self._consent(release, message)
        if consent:
            phrase = "stopped" if consent == "stop" else "started"
            reply = OutboundMessage(
                release.phrase(phrase, language),
                alphabet="gsm",
                language=language,
                about={"phrase": phrase, "release": release.number},
            )
            details = {"scope": "channel", "evidence": "keyword", "channel": message.channel}
            return Reflex(
                replies=(reply,),
                consent=consent,
                for_assistant=False,
                events=(Event(f"consent.opt_{'out' if consent == 'stop' else 'in'}", details),),
            )
        if FLOODED in message.flags:
            return Reflex(replies=(flood_notice(release, message),), for_assistant=False)
        if message.kind == "text" and any(
            mentions(message.text, words) for words in release.content.words.values()
        ):
            flags.append(STOP_WORD)
        if message.text and self._rules(release).hints_at(message.text):
            flags.append(CRISIS_MAYBE)
        return Reflex(flags=tuple(flags), otherwise=otherwise)

    def _rules(self, release: Release) -> Rules:
        if self._compiled is None or self._compiled[0] != release.hash:
            self._compiled = release.hash, Rules.compile(release.content.crisis)
        return self._compiled[1]

    def _consent(self, release: Release, message: InboundMessage) -> tuple[str, str]:
        """Return "stop", "start" or "", and the language of the word that said so."""
        if message.payload in (STOP, START):
            return message.payload.removeprefix("x:"), message.language_hint or SOURCE_LANGUAGE
        if message.kind != "text":
            return "", SOURCE_LANGUAGE
        for language, words in release.content.words.items():
            if consent := recognise(message.text, words):
                return consent, language
        return "", SOURCE_LANGUAGE


def crisis_reflex(
    release: Release, message: InboundMessage, hit: Hit, country: str | None
) -> Reflex:
    """Return the answer to a crisis, in the language in which it was told."""
    today = datetime.now(timezone.utc).date()
    person = Person(hit.language, country=country, channel=message.channel)
    said = compose(release, f"crisis_{hit.type}", person, today)
    reply = OutboundMessage(
        said.text,
        choices=tuple(
            Choice(title(payload, release, said.language), payload)
            for payload in CRISIS_CHOICES
            if country is None or not payload.startswith("c:")
        ),
        prompt=release.phrase("choose", said.language),
        alphabet="gsm",
        purpose="crisis",
        language=said.language,
        about={
            "crisis": hit.type,
            "rule": hit.rule,
            "answer": f"crisis_{hit.type}",
            "release": release.number,
            "facts": dict(said.facts),
        },
    )
    details = {"crisis": hit.type, "rule": hit.rule, "channel": message.channel}
    return Reflex(
        replies=(reply,),
        events=(Event("crisis", {**details, "message": message.provider_id}),),
        urgent=True,
        flags=(f"crisis:{hit.type}",),
    )
