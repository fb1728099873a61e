"""Whatever comes in is answered without a fault of ours, and whatever goes out keeps its words."""

import json
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.messages import Choice, Location, Media, OutboundMessage
from bot.runtime.desk import Received
from bot.text import utf16_units
from channels.base import Webhook
from tests.channels.harness import (
    AUTH_TOKEN,
    BASE_URL,
    BOT_SECRET,
    PHONE,
    every_channel,
    sms,
    telegram,
    whatsapp,
)

quick = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

FIELDS = [
    "From", "To", "Body", "MessageSid", "SmsSid", "NumMedia", "MediaUrl0", "MediaContentType0",
    "Latitude", "Longitude", "Label", "MessageType", "ButtonPayload", "ButtonText", "ListId",
    "ExternalUserId", "OptOutType", "MessageStatus", "ErrorCode", "Forwarded", "ReferralSourceId",
]  # fmt: skip
values = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [PHONE, f"whatsapp:{PHONE}", "whatsapp:US.9", "22395", "nan", "inf", "1e400", "2"]
    ),
)
forms = st.dictionaries(st.sampled_from(FIELDS), values)
texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=3000)
titles = st.text(st.characters(whitelist_categories=("L", "N")), min_size=1, max_size=60)
choices = st.builds(Choice, titles, st.integers(0, 99).map(lambda n: f"m:{n}"))
replies = st.builds(
    OutboundMessage,
    text=texts,
    choices=st.lists(choices, max_size=25).map(tuple),
    media=st.lists(
        st.builds(Media, st.sampled_from(["image", "voice"]), st.just("https://e.org/x")),
        max_size=3,
    ).map(tuple),
    location=st.none() | st.just(Location(1.5, -2.5, "Oficina")),
    alphabet=st.sampled_from(["native", "gsm"]),
)
SHAPES = {
    "update_id": st.integers(),
    "message": None, "edited_message": None, "callback_query": None, "my_chat_member": None,
}  # fmt: skip
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.floats())
names = st.sampled_from(
    ["message_id", "date", "chat", "from", "id", "type", "text", "is_bot", "first_name", "data",
     "message", "photo", "voice", "location", "latitude", "longitude", "contact", "entities",
     "offset", "length", "sticker", "new_chat_member", "old_chat_member", "status", "user"]
)  # fmt: skip
trees = st.recursive(
    leaves, lambda inner: st.dictionaries(names, inner) | st.lists(inner, max_size=3), max_leaves=25
)
updates = (
    st.fixed_dictionaries(
        {}, optional={name: trees if shape is None else shape for name, shape in SHAPES.items()}
    )
    | trees
)


def signed_form(channel, fields, path):
    url = f"/webhooks/{channel.name()}/{path}"
    signature = RequestValidator(AUTH_TOKEN).compute_signature(BASE_URL + url, fields)
    body = urlencode(fields, errors="replace").encode()
    return Webhook(url, "POST", {"X-Twilio-Signature": signature}, body)


def parsed(channel, hook):
    """Return what a request contains; a refusal is fine, any other error is not."""
    from channels.errors import RequestError

    try:
        channel.verify(hook)
        return channel.parse(hook)
    except RequestError as refused:
        status = refused.status
    assert 400 <= status < 500
    return []


@quick
@given(forms, st.sampled_from(["inbound", "status"]))
def test_any_signed_form_is_understood_or_refused(fields, path):
    for channel in (sms(), whatsapp()):
        for item in parsed(channel, signed_form(channel, fields, path)):
            if isinstance(item, Received):
                assert item.message.to_json().encode()


@quick
@given(updates)
def test_any_update_is_taken(update):
    body = json.dumps(update).encode()
    hook = Webhook("/x", "POST", {"X-Telegram-Bot-Api-Secret-Token": BOT_SECRET}, body)
    for item in parsed(telegram(), hook):
        if isinstance(item, Received):
            assert item.message.to_json().encode()


@quick
@given(st.binary(max_size=300), st.dictionaries(st.text(max_size=30), st.text(max_size=30)))
def test_nothing_unsigned_is_ever_read(body, headers):
    for channel in every_channel().values():
        assert parsed(channel, Webhook("/webhooks/x/inbound", "POST", headers, body)) == []


def words(text):
    return "".join(char for char in text if not char.isspace())


@quick
@given(texts)
def test_telegram_says_every_word_in_order(text):
    import html
    import re

    calls = telegram().encode("1", OutboundMessage(text))
    said = "".join(html.unescape(re.sub(r"</?[bis]>", "", c.params["text"])) for c in calls)
    from bot.marks import plain

    assert words(said) == words(plain(text))
    assert all(1 <= utf16_units(call.params["text"]) <= 4096 for call in calls)


@quick
@given(replies)
def test_every_call_is_within_its_networks_limits(message):
    for channel in (sms(), whatsapp()):
        for call in channel.encode(PHONE, message):
            params = call.params
            assert utf16_units(params.get("Body", "")) <= 1600
            assert params.get("Body", "x")
            assert len(params.get("MediaUrl", [])) <= 1
            given_words = json.loads(params.get("ContentVariables", "{}"))
            assert all(given_words.values())
            assert utf16_units(given_words.get("1", "")) <= 1024
            assert not ("ContentSid" in params and "Body" in params)
    for call in telegram().encode("1", message):
        rows = (call.params.get("reply_markup") or {}).get("inline_keyboard", [])
        assert all(
            1 <= len(button["callback_data"].encode()) <= 64 for row in rows for button in row
        )
        assert sum(map(len, rows)) <= 8
        assert utf16_units(call.params.get("caption", "")) <= 1024


@quick
@given(texts)
def test_sms_says_every_word_in_order(text):
    import re

    from bot.marks import plain
    from bot.sms import cheap

    bodies = [call.params["Body"] for call in sms().encode(PHONE, OutboundMessage(text))]
    if len(bodies) > 1:
        bodies = [re.sub(r" \(\d+/\d+\)$", "", body) for body in bodies]
    assert words("".join(bodies)) == words(cheap(plain(text)))
