"""Files of people: from the provider only, of the right kind, and then deleted there."""

import httpx
import pytest

from bot.messages import Attachment
from channels.errors import FileError
from tests.channels.harness import ACCOUNT, telegram, whatsapp

FILE = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM9/Media/ME9"
STORE = "https://mms.twiliocdn.com/AC/blob?sig=x"


class Files(httpx.AsyncBaseTransport):
    """Twilio's API and store, and Telegram's, holding one file."""

    def __init__(self, content, path="voice/f.oga"):
        self.content, self.path, self.requests = content, path, []

    async def handle_async_request(self, request):
        self.requests.append(request)
        url = str(request.url)
        if request.method == "DELETE":
            return httpx.Response(204)
        if url == FILE:
            return httpx.Response(307, headers={"location": STORE})
        if url.endswith("/getFile"):
            file = {"file_id": "f", "file_unique_id": "u", "file_path": self.path}
            return httpx.Response(200, json={"ok": True, "result": file})
        return httpx.Response(200, content=self.content)


def voice(ref):
    return Attachment("voice", "audio/ogg", ref)


async def test_twilios_store_gets_no_credentials_and_the_file_is_deleted():
    files = Files(b"OggS...")
    channel = whatsapp(files)
    assert await channel.fetch(voice(FILE)) == b"OggS..."
    first, second, third = files.requests
    assert first.headers["authorization"].startswith("Basic ")
    assert "authorization" not in second.headers
    assert (third.method, str(third.url)) == ("DELETE", f"{FILE}.json")
    await channel.close()


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "http://169.254.169.254/x",
        "http://api.twilio.com/x",
        "https://api.twilio.com.evil.org/x",
    ],
)
async def test_no_other_host_is_asked(ref):
    files = Files(b"OggS")
    with pytest.raises(FileError):
        await whatsapp(files).fetch(voice(ref))
    assert files.requests == []


@pytest.mark.parametrize("content", [b"MZ\x90 a program", b"OggS" + b"x" * 17 * 1024 * 1024])
async def test_what_is_too_large_or_something_else_is_not_taken(content):
    with pytest.raises(FileError):
        await whatsapp(Files(content)).fetch(voice(FILE))


async def test_a_file_of_telegram():
    channel = telegram(Files(b"OggS..."))
    assert await channel.fetch(voice("f")) == b"OggS..."
    await channel.close()


@pytest.mark.parametrize(("content", "path"), [(b"MZ", "f"), (b"OggS", None)])
async def test_telegrams_file_is_checked_as_well(content, path):
    channel = telegram(Files(content, path))
    with pytest.raises(FileError):
        await channel.fetch(voice("f"))
    await channel.close()
