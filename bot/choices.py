"""What a person chose: a tapped button, or a typed number or title of the last menu.

Pure. A payload is taken only if we issued it to this person, because anyone can send a
provider-shaped request with any payload, and payloads steer the assistant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.consent import normal
from bot.messages import Choice, InboundMessage, OutboundMessage

MENU_FOR = 24 * 3600  # seconds for which a menu can be answered by typing
MORE = "more:"  # payload of "more choices": followed by how many were shown
AGAIN = "again:"  # what a number amounts to that is not in the menu; never behind a button

# "2", "2.", "(2)", "#2", "2️⃣", "opción 2" would be guessing; digits of any script count.
_NUMBER = re.compile(r"[(#]?\s*(\d{1,3})\s*\ufe0f?\u20e3?\s*[.):\-]?")


def menu(message: OutboundMessage) -> tuple[Choice, ...]:
    """Return the choices of a message that can be answered; a link cannot."""
    return tuple(choice for choice in message.choices if choice.payload)


def resolve(text: str, menu: Sequence[Choice]) -> Choice | None:
    """Return the choice that ``text`` names by number or title, or None.

    >>> offered = [Choice("Clases", "m:a1"), Choice("Hablar con alguien", "m:a2")]
    >>> [resolve(said, offered).payload for said in ("2)", "٢", "HABLAR CON ALGUIÉN")]
    ['m:a2', 'm:a2', 'm:a2']
    >>> resolve("12", offered) is None
    True
    """
    number = _NUMBER.fullmatch(text.strip())
    if number:
        position = int("".join(str(unicodedata.digit(digit)) for digit in number[1]))
        return menu[position - 1] if 1 <= position <= len(menu) else None
    said = normal(text)
    for name in (_whole, _head):
        named = [choice for choice in menu if said and name(choice) == said]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def is_number(text: str) -> bool:
    """Return whether a text is a number as one picks from a menu.

    >>> is_number("12."), is_number("911"), is_number("2 hijos")
    (True, False, False)
    """
    number = _NUMBER.fullmatch(text.strip())
    return number is not None and len(number[1]) < 3  # three digits: a line to call


def _whole(choice: Choice) -> str:
    return normal(choice.title)


def _head(choice: Choice) -> str:
    """Return what a title says before its first comma: "Sí" of "Sí, borrar todo"."""
    return normal(re.split(r"[,:;.(]", choice.title, maxsplit=1)[0])


def settle(
    message: InboundMessage, menu: Sequence[Choice], menu_age: float, issued: Collection[str]
) -> InboundMessage | None:
    """Return the message as the assistant should see it; None if there is nothing to answer.

    ``menu_age`` is in seconds. A tapped payload that we did not issue becomes its text, or
    nothing if it has none. A typed text that names a choice becomes that choice.
    """
    if message.kind == "choice":
        if message.payload in issued:
            return message
        return replace(message, kind="text", payload=None) if message.text else None
    if message.kind == "text" and menu_age <= MENU_FOR:
        chosen = resolve(message.text, menu)
        if chosen is not None:
            return replace(message, kind="choice", payload=chosen.payload)
    return message


def page(choices: Sequence[Choice], most: int, more_title: str) -> tuple[Choice, ...]:
    """Return the choices to show at once; the last one leads to the rest if they do not all fit.

    >>> [c.payload for c in page([Choice(str(n), f"m:{n}") for n in range(5)], 3, "Más…")]
    ['m:0', 'm:1', 'more:2']
    """
    if len(choices) <= most:
        return tuple(choices)
    shown = most - 1
    return (*choices[:shown], Choice(more_title or "…", f"{MORE}{shown}"))


def rest(payload: str, menu: Sequence[Choice]) -> tuple[Choice, ...]:
    """Return what "more choices" leads to; nothing if the payload is another one.

    >>> [c.payload for c in rest("more:1", [Choice("a", "m:a"), Choice("b", "m:b")])]
    ['m:b']
    """
    shown = payload.removeprefix(MORE)
    if shown == payload or not (shown.isascii() and shown.isdigit()):
        return ()
    return tuple(menu[int(shown) :])


def distinct(choices: Sequence[Choice], limit: int) -> tuple[Choice, ...]:
    """Return the choices with different titles: "Clase", "Clase (2)". Networks demand it.

    ``limit`` is the longest title; the number takes its place from the title's end.
    """
    taken: set[str] = set()
    result = []
    for choice in choices:
        title, number = choice.title, 1
        while title in taken:
            number += 1
            mark = f" ({number})"
            title = choice.title[: limit - len(mark)].rstrip() + mark
        taken.add(title)
        result.append(replace(choice, title=title))
    return tuple(result)
