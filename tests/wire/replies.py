"""Replies of every kind that we send; each must be acceptable to every network."""

from __future__ import annotations

from bot.messages import Choice, Location, Media, OutboundMessage, Quiz


def _choices(count: int, title: str = "Opción") -> tuple[Choice, ...]:
    return tuple(Choice(f"{title} {n}", f"m:{n}") for n in range(1, count + 1))


PICTURE = Media("image", "https://cdn.example.org/c.jpg", "Horario")
VOICE = Media("voice", "https://cdn.example.org/v.ogg")

REPLIES = {
    "text": OutboundMessage("¡Hola! **Importante**: _hoy_ a las 10 < 11 & ~~no~~"),
    "long": OutboundMessage("Una frase con **fuerza**. " * 250),
    "two choices": OutboundMessage("¿Seguimos?", _choices(2)),
    "ten choices": OutboundMessage("Elige", _choices(10)),
    "thirty choices": OutboundMessage("Elige", _choices(30), more_title="Más…"),
    "long titles": OutboundMessage("Elige", _choices(4, "Hablar con alguien de confianza ahora")),
    "long text with choices": OutboundMessage("Texto. " * 200, _choices(3), prompt="¿Y ahora?"),
    "only choices": OutboundMessage("", _choices(3)),
    "a link": OutboundMessage("Mira", (Choice("Guía", "", url="https://example.org/g"),)),
    "pictures": OutboundMessage("Fotos", media=(PICTURE, PICTURE)),
    "voice": OutboundMessage("Oye esto", media=(VOICE,)),
    "voice with choices": OutboundMessage("", _choices(2), media=(VOICE,)),
    "a quiz": OutboundMessage("Mira\n\n¿Sí?", _choices(2), quiz=Quiz("¿Sí?", 0)),
    "a place": OutboundMessage("Aquí", location=Location(18.5, -72.3, "Oficina")),
}
