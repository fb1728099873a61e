"""Facts for the examples in this package."""

from __future__ import annotations

from datetime import date

from bot.content.model import Fact, Source


def fee(value: float, url: str = "https://example.org/fees") -> Fact:
    """Return a fact about a fee."""
    return Fact(
        id="us.asylum.i589_fee",
        type="money",
        unit="USD",
        value=value,
        claim=f"Presentar la solicitud de asilo cuesta {value} dólares.",
        source=Source("USCIS", "USCIS", url, date(2026, 1, 1)),
        checked_on=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        withdraw_after=date(2028, 1, 1),
        volatility="fast",
        confidence="confirmed",
        owner="legal-us",
    )
