"""The day of the newest official notice on a subject, from the Federal Register's public API.

https://www.federalregister.gov/developers/documentation/api/v1
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date

import httpx

from actions.live_source import LiveSource, Reading, get_json
from bot import settings


def _condition(name: str) -> str:
    """Return the parameter of a condition; ``type[]`` may have several values.

    >>> _condition("term"), _condition("type[]")
    ('conditions[term]', 'conditions[type][]')
    """
    bare = name.removesuffix("[]")
    return f"conditions[{bare}]" + ("[]" if bare != name else "")


class FederalRegister(LiveSource):
    """Finds the newest document for a query."""

    async def read(self, client: httpx.AsyncClient, query: Mapping[str, str]) -> Reading | None:
        found = await get_json(
            client,
            f"{settings.get('FEDERAL_REGISTER_URL')}/documents.json",
            **{_condition(name): value for name, value in query.items()},
            **{
                "order": "newest",
                "per_page": "1",
                "fields[]": ["title", "publication_date", "html_url"],
            },
        )
        results = found.get("results") or []
        if not results:
            return None
        published = date.fromisoformat(results[0]["publication_date"])
        return Reading(published, published, str(results[0]["html_url"]), time.time())
