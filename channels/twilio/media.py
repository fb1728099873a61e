"""Files that people sent by Twilio: fetched once, checked, and deleted there.

https://www.twilio.com/docs/messaging/api/media-resource
"""

from __future__ import annotations

from contextlib import aclosing
from urllib.parse import urljoin, urlsplit

import httpx

from bot.messages import Attachment
from channels.errors import FileError, SendError
from channels.files import is_what_it_says, largest
from channels.twilio.account import API, Account

HOST = "api.twilio.com"


async def fetch(account: Account, attachment: Attachment) -> bytes:
    """Return the content of a file, and delete it at Twilio; raise ``FileError``."""
    parts = urlsplit(attachment.ref)
    if parts.scheme != "https" or parts.hostname != HOST:
        raise FileError("not at Twilio")
    url = account.address(API, parts.path)
    try:
        content = await _read(account, url, largest(attachment.mime), account.credentials)
    except httpx.HTTPError as error:
        raise FileError(type(error).__name__) from error
    if not is_what_it_says(attachment.mime, content):
        raise FileError("not the type it claims to be")
    try:
        await account.request("DELETE", f"{url}.json")
    except SendError as error:
        raise FileError("not deleted at Twilio") from error
    return content


async def _read(account: Account, url: str, most: int, credentials: dict[str, str]) -> bytes:
    """Read at most ``most`` bytes. Twilio sends us on to its store, which gets no credentials."""
    async with aclosing(await account.ask("GET", url, credentials)) as answer:
        if answer.has_redirect_location and credentials:
            target = urljoin(url, answer.headers["location"])
            if not target.startswith("https://") and not account.api_url:
                raise FileError("sent on to an open address")
            return await _read(account, target, most, {})
        if answer.status_code != 200:
            raise FileError(f"provider answered {answer.status_code}")
        content = b""
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > most:
                raise FileError("too large")
        return content
