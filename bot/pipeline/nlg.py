"""Says what is published: Rasa's responses come from the live release, not from the model.

``utter_faq/<name>`` is an answer, ``utter_lines/<country>`` the lines to call there,
``utter_<key>`` a phrase. Actions pass what the words need: ``choices`` (payloads for buttons),
``values``, ``lists`` and ``lead`` for a phrase, ``live`` facts, ``also`` (what else was asked);
and ``events`` for staff.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.content.codec import read
from bot.content.compose import Person, compose
from bot.content.live import live_release
from bot.content.model import SOURCE_LANGUAGE, Fact, Release
from bot.content.nearby import compose_nearby
from bot.content.phrasing import say_phrase
from bot.content.titles import title
from bot.languages import own_name
from bot.pipeline.crisis_model import MAYBE

logger = logging.getLogger(__name__)

ANSWER = "utter_faq/"
LINES = "utter_lines/"
# After an answer: what WhatsApp shows as buttons, what still fits into two SMS, what Telegram
# shows without scrolling; and how many topics with them leave room to ask whether it helped.
MAX_CHOICES = {"whatsapp": 3, "sms": 2, "telegram": 5}
FEEDBACK_BESIDE = {"whatsapp": 1, "sms": -1, "telegram": 5}


class ReleaseResponses(TemplatedNaturalLanguageGenerator):
    """NLG named in ``endpoints.yml``.

    It extends the templated generator because Rasa refills the words of a loaded model
    only into that class; what the release does not hold falls back to the domain.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None):
        super().__init__(domain.responses if domain else {})
        self._live = live_release()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        release = self._live.current
        slots = {**tracker.current_slot_values(), **(kwargs.get("places") or {})}
        person = Person(
            language=slots.get("language") or SOURCE_LANGUAGE,
            country=slots.get("country"),
            origin=slots.get("origin"),
            channel=output_channel,
        )
        choices: Sequence[str] = kwargs.get("choices") or ()
        about: dict[str, Any] = {"release": release.number}
        if utter_action.startswith(ANSWER):
            name = utter_action.removeprefix(ANSWER)
            live = {fact["id"]: read(Fact, fact) for fact in kwargs.get("live") or ()}
            today = datetime.now(timezone.utc).date()
            said = compose(release, name, person, today, live)
            text = said.text
            if not kwargs.get("bare"):
                topics = [*(kwargs.get("also") or ()), *(f"a:{label}" for label in said.next)]
                after = kwargs.get("after") or ()
                choices = choices or _beside(topics, after, output_channel)
            if kwargs.get("feedback") and len(choices) <= FEEDBACK_BESIDE.get(output_channel, 0):
                choices = [*choices, f"u:{name}", f"d:{name}"]
            about |= {"answer": name, "facts": dict(said.facts), "language": said.language}
            if said.withheld:
                logger.warning("content.withheld answer=%s facts=%s", name, ",".join(said.withheld))
        elif utter_action.startswith(LINES):
            country = utter_action.removeprefix(LINES)
            said = compose_nearby(release, country, person, datetime.now(timezone.utc))
            text = said.text
            about |= {"phrase": "lines", "facts": dict(said.facts), "language": said.language}
        else:
            key = utter_action.removeprefix("utter_")
            values = {name: str(value) for name, value in (kwargs.get("values") or {}).items()}
            values |= {"language": own_name(person.language)}
            try:
                lists, lead = kwargs.get("lists") or {}, kwargs.get("lead") or ()
                text = say_phrase(release, key, person.language, values, lists, lead)
            except KeyError:
                return await super().generate(utter_action, tracker, output_channel, **kwargs)
            about |= {"phrase": key, "language": person.language}
            if kwargs.get("right") in choices:
                question = say_phrase(release, key, person.language, values)
                about["quiz"] = {"question": question, "right": choices.index(kwargs["right"])}
        about |= {name: kwargs[name] for name in ("events", "handover") if kwargs.get(name)}
        if tracker.latest_message and MAYBE in (tracker.latest_message.parse_data or {}):
            text = _with_way_out(text, release, person.language)
        return {
            "text": text,
            "buttons": [
                {"title": title(payload, release, person.language), "payload": payload}
                for payload in choices
            ],
            "about": about,
        }


def _with_way_out(text: str, release: Release, language: str) -> str:
    """Return an answer with the word to write in danger; without it in a release of old."""
    try:
        return f"{text}\n\n{release.phrase(MAYBE, language)}"
    except KeyError:
        return text


def _beside(topics: Sequence[str], after: Sequence[str], channel: str) -> list[str]:
    """Return the buttons after an answer: the topics it leads to, and at least one of them."""
    most = MAX_CHOICES.get(channel, 3)
    after = after[: most - 1]
    return [*list(dict.fromkeys(topics))[: most - len(after)], *after]
