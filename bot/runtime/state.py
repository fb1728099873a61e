"""What we remember of a person between turns, beside the conversation itself."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bot.choices import MENU_FOR
from bot.messages import Choice


def menu_fields(menu: Sequence[Choice], menu_at: float) -> dict[str, str]:
    """Return a menu as the hash fields of ``keys.profile``."""
    titles = json.dumps([asdict(choice) for choice in menu], ensure_ascii=False)
    return {"menu": titles, "menu_at": f"{menu_at:.3f}"}


@dataclass(frozen=True)
class PersonState:
    """The choices last offered, and when (seconds since 1970); what was ever behind a button.

    ``asked`` is the id of the message that was not understood, if that was the last one.
    """

    menu: tuple[Choice, ...] = ()
    menu_at: float = 0.0
    issued: frozenset[str] = frozenset()
    is_new: bool = True
    asked: str = ""

    def current_menu(self, now: float | None = None) -> tuple[Choice, ...]:
        """Return the choices that a typed number may still mean."""
        now = time.time() if now is None else now
        return self.menu if now - self.menu_at < MENU_FOR else ()

    def after(self, offered: tuple[Choice, ...], now: float) -> PersonState:
        """Return the state after we offered ``offered`` (nothing offered: the old menu stays)."""
        return PersonState(
            menu=offered or self.menu,
            menu_at=now if offered else self.menu_at,
            issued=self.issued | {choice.payload for choice in offered},
            is_new=False,
        )

    def to_fields(self) -> dict[str, str]:
        """Return the hash fields of ``keys.profile``."""
        return menu_fields(self.menu, self.menu_at)

    @classmethod
    def from_fields(
        cls, fields: Mapping[bytes, bytes], issued: set[bytes], is_new: bool
    ) -> PersonState:
        menu = json.loads(fields.get(b"menu", b"[]"))
        return cls(
            menu=tuple(Choice(**choice) for choice in menu),
            menu_at=float(fields.get(b"menu_at", b"0")),
            issued=frozenset(payload.decode() for payload in issued),
            is_new=is_new,
            asked=fields.get(b"asked", b"").decode(),
        )
