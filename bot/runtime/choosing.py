"""What a message amounts to before any model: a tapped button, a typed number, title or word."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from bot import guides, settings
from bot.choices import AGAIN, MORE, is_number, resolve
from bot.commands import numbered, recognise
from bot.content.files import read_yaml
from bot.content.model import SOURCE_LANGUAGE, Release
from bot.content.titles import title
from bot.messages import Choice, InboundMessage
from bot.payloads import COMMANDS
from bot.places import Names
from bot.runtime.state import PersonState

NONE = "x:none"
NUMBERS = "numbers"
_THUMBS = {"helpful": "yes", "not_helpful": "no"}  # what a thumb says to a question
# Telegram's own commands that are no commands of ours.
_COMMANDS = {"start": "a:greeting", "help": "a:about_campaign", "language": "x:languages"}


class Choosing:
    """Knows the names of countries, which a guided conversation asks for."""

    def __init__(self) -> None:
        self._names = Names(**read_yaml(settings.ROOT / "data" / "places.yml"))

    def payload(
        self,
        message: InboundMessage,
        state: PersonState,
        slots: Mapping[str, Any],
        release: Release,
    ) -> str | None:
        """Return the payload that a message amounts to, None if it is to be understood."""
        if message.kind == "choice" and was_offered(message.payload or "", state):
            return message.payload
        if message.kind == "command":
            return _typed_command(message.payload or "", release)
        if message.kind not in ("text", "choice") or not message.text:
            return None
        menu = state.current_menu()
        if typed := resolve(message.text, menu):
            return typed.payload
        said = recognise(message.text, release.content.words)
        if said == NUMBERS:
            language = slots.get("language") or SOURCE_LANGUAGE  # "um" is one, or a sigh
            position = numbered(message.text, release.content.words.get(language, {}))
            return menu[position - 1].payload if 0 < position <= len(menu) else None
        if said in guides.REPLIES and (chosen := _answering(said, menu)):
            return chosen.payload
        if answered := self._answer(message.text, said, slots, release):
            return answered
        if said is None or said in guides.REPLIES:
            # A number that was not offered; the question of a guided conversation is asked anew.
            lost = state.menu and is_number(message.text) and not _asks(slots)
            return AGAIN if lost else None
        if said in ("helpful", "not_helpful"):
            topic = slots.get("topic")
            return f"{'u' if said == 'helpful' else 'd'}:{topic}" if topic else None
        return f"g:{said}" if said in release.content.guides else f"x:{said}"

    def _answer(
        self, text: str, said: str | None, slots: Mapping[str, Any], release: Release
    ) -> str | None:
        """Return the answer to the question of the guided conversation under way."""
        state = guides.current(slots.get("guide"), time.time())
        guide = release.content.guides.get(state["name"]) if state else None
        step = guides.next_step(guide, state) if guide and state else None
        if guide is None or state is None or step is None:
            return None
        if said in _THUMBS and _THUMBS[said] in step.choices:
            said = _THUMBS[said]
        if state["paused"]:  # the question was some messages ago: ask it anew
            in_danger = str(slots.get("pending") or slots.get("topic")).startswith("crisis_")
            return "x:resume" if said in step.choices and not in_danger else None
        if said and said not in guides.REPLIES:
            return None
        language = slots.get("language") or SOURCE_LANGUAGE
        prefix = f"g:{guide.name}.{step.name}"
        chosen = guides.understand(
            step,
            text,
            lambda part: said if part == text else recognise(part, release.content.words),
            self._country,
            {choice: title(f"{prefix}.{choice}", release, language) for choice in step.choices},
        )
        return f"{prefix}.{chosen}" if chosen else None

    def _country(self, text: str) -> str | None:
        found = self._names.find(text)
        return found[0].code if found and all(place.alone for place in found) else None


def was_offered(payload: str, state: PersonState) -> bool:
    """Return whether we put this payload behind a button for this person."""
    more = payload.removeprefix(MORE)
    return payload in state.issued or (more != payload and more.isdecimal() and bool(state.menu))


def _asks(slots: Mapping[str, Any]) -> bool:
    """Return whether a question of a guided conversation waits for its answer."""
    state = guides.current(slots.get("guide"), time.time())
    return bool(state and not state["paused"])


def _answering(said: str, menu: tuple[Choice, ...]) -> Choice | None:
    """Return the choice of a menu that says yes, no and the like, if there is just one."""
    found = [choice for choice in menu if re.fullmatch(rf"(g:.*\.|x:.*_){said}", choice.payload)]
    if not found and NONE in (choice.payload for choice in menu):  # "is it about this?"
        if said == "no":
            found = [choice for choice in menu if choice.payload == NONE]
        elif said == "yes":
            found = [choice for choice in menu if choice.payload.startswith("a:")]
    return found[0] if len(found) == 1 else None


def _typed_command(name: str, release: Release) -> str:
    """Return the payload of a Telegram command, e.g. /menu; /start greets."""
    if name in release.content.guides:
        return f"g:{name}"
    return _COMMANDS.get(name) or (f"x:{name}" if name in COMMANDS else "x:menu")
