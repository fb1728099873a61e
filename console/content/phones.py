"""An answer as each phone shows it: what the networks make of our marks, and what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timezone

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from bot import marks
from bot.content.compose import Person, compose
from bot.content.freshness import status
from bot.content.model import CHANNELS, SOURCE_LANGUAGE, Content, Fact, Release
from bot.languages import write_money
from bot.sms import cheap, sms_size
from bot.text import numbered, utf16_units

SMS_CHOICES = 2
# The facts that say what one segment costs: of the country, else of any. Staff add them, with
# their source and their date, like every other number; none comes with Faro.
PRICE, ANYWHERE = "sms.segment_price", "intl"
_WHATSAPP = re.compile(r"(?<![\w*])\*(\S.*?)\*(?![\w*])|(?<![\w_])_(\S.*?)_(?![\w_])", re.DOTALL)


@dataclass(frozen=True)
class Phone:
    """One channel's screen."""

    channel: str
    bubbles: tuple[SafeString, ...]
    buttons: tuple[str, ...]
    length: int
    encoding: str = ""
    segments: int = 0
    price: str = ""
    language: str = "es"
    withheld: tuple[str, ...] = ()


def phones(content: Content, name: str, language: str, country: str) -> list[Phone]:
    """Return what people in a country see on each channel in a language, today."""
    release = Release(0, "", content)
    today = datetime.now(timezone.utc).date()
    price = segment_price(content, country, today)
    shown = []
    for channel in CHANNELS:
        person = Person(language, country or None, country or None, channel)
        said = compose(release, name, person, today)
        answers = {**content.answers[SOURCE_LANGUAGE], **content.answers.get(language, {})}
        titles = tuple(answers[label].title for label in said.next if label in answers)
        shown.append(_phone(channel, said.text, titles, said.language, said.withheld, price))
    return shown


def segment_price(content: Content, country: str, today: date) -> Fact | None:
    """Return what an SMS segment to a country costs, if somebody looked it up and it holds."""
    for place in (country.lower(), ANYWHERE):
        fact = content.facts.get(f"{place}.{PRICE}")
        if fact and fact.type == "money" and status(fact, today) != "withdrawn":
            return fact
    return None


def _cost(price: Fact | None, segments: int) -> str:
    if price is None or not isinstance(price.value, int | float):
        return ""
    return write_money(price.value * segments, price.unit, (get_language() or "es")[:2])


def _phone(
    channel: str,
    text: str,
    titles: tuple[str, ...],
    language: str,
    withheld: tuple[str, ...],
    price: Fact | None,
) -> Phone:
    if channel == "sms":
        whole = "\n".join(filter(None, (text, numbered(titles[:SMS_CHOICES]))))
        whole = cheap(marks.plain(whole), "gsm")
        size = sms_size(whole)
        return Phone(
            channel,
            (mark_safe(escape(whole)),),  # noqa: S308 - escaped
            (),
            len(whole),
            size.encoding,
            size.segments,
            _cost(price, size.segments),
            language,
            withheld,
        )
    if channel == "telegram":
        parts = marks.as_html(text, 4096)  # escaped by marks; b, i and s are all it adds
    else:
        parts = [_from_whatsapp(part) for part in marks.as_whatsapp(text, 1600)]
    return Phone(
        channel,
        tuple(mark_safe(part) for part in parts),  # noqa: S308
        titles,
        utf16_units(text),
        language=language,
        withheld=withheld,
    )


def _from_whatsapp(text: str) -> str:
    """Return WhatsApp's marks as its app draws them."""

    def drawn(found: re.Match[str]) -> str:
        bold, italic = found.groups()
        return f"<b>{bold}</b>" if bold is not None else f"<i>{italic}</i>"

    return _WHATSAPP.sub(drawn, escape(text))
