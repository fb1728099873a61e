"""Guided conversations, a person of the team, and an erasure, through webhooks and processes."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from bot.runtime import embedded_redis
from tests import guided
from tests.channels.test_helpdesk import INBOX, ChatwootServer
from tests.channels.test_helpdesk import SECRET as DESK_SECRET
from tests.end_to_end.system import Faro, Person, RecordingTwilio, twilio_settings, wait_for
from tests.end_to_end.telegram import RecordingTelegram, TelegramPerson, telegram_settings


@pytest.fixture(scope="module")
def twilio():
    server = RecordingTwilio()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def telegram():
    server = RecordingTelegram()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chatwoot():
    server = ChatwootServer()
    yield server
    server._server.shutdown()


@pytest.fixture(scope="module")
def faro(twilio, telegram, chatwoot, model, tmp_path_factory):
    system = Faro(
        tmp_path_factory.mktemp("faro"),
        **twilio_settings(twilio),
        **telegram_settings(telegram),
        CHATWOOT_URL=chatwoot.url,
        CHATWOOT_INBOX=INBOX,
        CHATWOOT_SECRET=DESK_SECRET,
        FARO_TEAM_HOURS="UTC mon-sun 00:00-23:59:59",
    )
    system.wait_until_ready()
    yield system
    assert system.stop() == 0


class Talk:
    """One person's conversation: write, and get the text of what came back."""

    def __init__(self, person, heard):
        self.person, self._heard, self._read = person, heard, 0

    def say(self, text, expecting):
        """Write a text and return what was answered, once it contains ``expecting``."""
        assert self.person.write(text) in (200, 204)
        found = wait_for(lambda: self._since(expecting), 60)
        assert found, (text, expecting, self._heard()[self._read :])
        self._read = len(self._heard())
        return found

    def _since(self, expecting):
        fresh = "\n".join(self._heard()[self._read :])
        return fresh if fresh and guided.contains(fresh, expecting) else ""


@pytest.fixture
def talk(faro, twilio, telegram):
    def begin(channel, number, language="es"):
        if channel == "telegram":
            person = TelegramPerson(faro, 7_000_000 + number, language)
            return Talk(
                person,
                lambda: [m["text"] for m in telegram.messages if m["chat_id"] == person.address],
            )
        prefix = "whatsapp:" if channel == "whatsapp" else ""
        person = Person(faro, f"+5049955{number:04}", prefix)
        return Talk(
            person,
            lambda: [m.get("Body") or str(m) for m in twilio.messages if m["To"] == person.address],
        )

    return begin


CHANNELS = ("sms", "whatsapp", "telegram")


def walk_all(talk, channel, number, language):
    """Walk through every guided conversation, each as another person, all at once."""

    def walk(guide):
        person = talk(channel, number + list(guided.WALKS).index(guide), language)
        for text, expected in guided.steps(guide, language):
            person.say(text, expected)

    with ThreadPoolExecutor() as people:
        list(people.map(walk, guided.WALKS))


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_each_is_left_begun_anew_interrupted_and_finished(talk, channel, language):
    number = 300 + 10 * CHANNELS.index(channel) + 5 * (language == "en")
    walk_all(talk, channel, number, language)


@pytest.mark.parametrize(
    ("channel", "language"), [("sms", "ht"), ("whatsapp", "fr"), ("telegram", "pt")]
)
def test_in_the_other_languages_once_each(talk, channel, language):
    walk_all(talk, channel, 360 + 10 * CHANNELS.index(channel), language)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_crisis_in_the_middle_is_answered_and_the_person_can_go_on(talk, channel):
    person = talk(channel, 330 + CHANNELS.index(channel), "en")
    person.say("is this a scam", "offering")
    person.say("they kidnapped my son please help", "911")
    person.say("thank you", "still here")
    person.say("go on", "offering")
    person.say("leave", "none of your answers")


def test_the_quiz_on_telegram_is_one_of_its_own(talk, telegram):
    person = talk("telegram", 390)

    def polls():
        mine = [m for m in telegram.messages if m["chat_id"] == person.person.address]
        return [m for m in mine if m.get("poll_id")]

    person.say("verdad o mito", "«")
    for number in range(1, 6):
        assert wait_for(lambda: len(polls()) == number, 40)  # noqa: B023 - called at once
        poll = polls()[-1]
        assert person.person.vote(poll["poll_id"], json.loads(poll["correct_option_ids"])[0]) == 200
    assert wait_for(lambda: person._since("Acertaste 5 de 5"), 40)


def test_the_team_answers_in_the_same_chat(faro, talk, twilio, chatwoot):
    import httpx

    person = talk("sms", 340)
    person.say("mi primo no tiene papeles y tiene miedo", "")
    person.say("hablar con el equipo", "persona del equipo")
    person.say("si", "SALIR")
    assert wait_for(lambda: any("mi primo" in text for _, text in chatwoot.said))
    conversation = chatwoot.said[-1][0]
    person.person.write("esta en houston")
    assert wait_for(lambda: any("houston" in text for _, text in chatwoot.said))
    body = {"event": "message_created", "id": 99, "content": "Hola, soy Ana del equipo", "message_type": "outgoing",
            "private": False, "conversation": {"id": conversation}}  # fmt: skip
    assert httpx.post(f"{faro.url}/webhooks/chatwoot/{DESK_SECRET}", json=body).status_code == 200
    assert wait_for(lambda: any("soy Ana" in m.get("Body", "") for m in twilio.messages))
    person._read = len(person._heard())
    person.say("salir", "Faro")
    assert wait_for(lambda: conversation in chatwoot.closed)


def test_an_erasure_leaves_nothing_but_the_marker_and_a_line_without_content(faro, talk, twilio):
    person = talk("sms", 350)
    person.say("como pido refugio en mexico con la comar", "COMAR")
    person.say("es un engaño", "ofrecen")
    person.say("ALTO", "VOLVER")
    person.say("borrar", "todo lo que guardo")
    person.say("si", "borrado")
    store = Redis.from_url(embedded_redis.url(faro.folder / "redis"))
    (marker,) = store.scan_iter("stopped:*")  # only one person here has one
    # The last to go is the receipt itself, once it is sent.
    wait_for(lambda: not _traces(store, marker), 30)
    assert _traces(store, marker) == []
    types = [fields[b"type"] for _, fields in store.xrange("events")]
    assert b"erasure.done" in types


def _traces(store, marker):
    """Return every key but the opt-out marker that names a person or holds something of theirs."""
    marks = (marker.removeprefix(b"stopped:"), b"99550350")
    return [
        key
        for key in store.scan_iter("*")
        if key != marker and any(mark in key + _held(store, key) for mark in marks)
    ]


def _held(store, key):
    kind = store.type(key)
    if kind == b"string":
        return store.get(key) or b""
    if kind == b"hash":
        return repr(store.hgetall(key)).encode()
    if kind == b"set":
        return repr(store.smembers(key)).encode()
    if kind == b"zset":
        return repr(store.zrange(key, 0, -1)).encode()
    return repr(store.xrange(key)).encode()
