"""Chatwoot's API channel, over real HTTP: hand-over, answers back, closing, and its failures."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from sanic import Sanic

from bot.messages import Choice, InboundMessage
from bot.runtime import handover, keys
from bot.runtime.state import PersonState
from channels.chatwoot import Chatwoot
from channels.errors import RequestError
from channels.helpdesk import HelpDesk, blueprint
from channels.webhook import Webhook
from tests import team_hours
from tests.channels.harness import PHONE, events_in, give_address

INBOX, SECRET, PERSON = "inbox-identifier", "webhook-secret", "sms:abcdef"
ASKED = {
    "language": "es",
    "country": "HN",
    "topic": "tps",
    "priority": "high",
    "reason": "asked",
    "texts": ["hola", "ayuda"],
}


class ChatwootServer:
    """Answers as Chatwoot's public client API does, and refuses what it would refuse."""

    def __init__(self):
        self.contacts, self.conversations, self.said, self.closed = {}, {}, [], []
        self.failures = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
                status, answer = server.take(self.path, body)
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, path, body):
        if self.failures:
            return self.failures.pop(0), {}
        found = re.fullmatch(
            rf"/public/api/v1/inboxes/{INBOX}/contacts(?:/([^/]+)/conversations(?:/(\d+)/(messages|toggle_status))?)?",
            path,
        )
        if not found:
            return 404, {"error": "no such inbox"}
        contact, conversation, what = found.groups()
        if contact is None:
            source = body.get("source_id") or "made-there"
            self.contacts[source] = body
            return 200, {
                "source_id": source,
                "pubsub_token": "t",
                "id": len(self.contacts),
                "name": body.get("name"),
            }
        if contact not in self.contacts:
            return 404, {"error": "no such contact"}
        if conversation is None:
            number = len(self.conversations) + 1
            self.conversations[number] = body
            return 200, {"id": number, "inbox_id": 1, "messages": [], "contact": {}}
        if int(conversation) not in self.conversations:
            return 404, {}
        if what == "toggle_status":
            self.closed.append(int(conversation))
            return 200, {"id": int(conversation), "status": "resolved"}
        if not body.get("content"):
            return 422, {}
        self.said.append((int(conversation), body["content"]))
        return 200, {"id": len(self.said), "content": body["content"], "message_type": 0}


@pytest.fixture
def server():
    running = ChatwootServer()
    yield running
    running._server.shutdown()


@pytest.fixture
def chatwoot(server):
    return Chatwoot(server.url, INBOX, SECRET)


@pytest.fixture
async def desk(redis, chatwoot):
    await give_address(redis, PHONE, PERSON)
    await redis.hset(keys.profile(PERSON), "channel", "sms")
    return HelpDesk(chatwoot, redis, pause=0.0)


async def asked(redis, **changes):
    await redis.set(keys.handed_over(PERSON), "")
    details = json.dumps({**ASKED, **changes})
    await redis.xadd(keys.HANDOVERS, {"person": PERSON, "what": "open", "details": details})


async def outgoing(redis):
    found = await redis.xrange(keys.outbox(keys.partition_of(PERSON)))
    return [json.loads(fields[b"reply"]) for _, fields in found]


def hook(**data):
    return Webhook("/webhooks/chatwoot/x", body=json.dumps(data).encode())


def answer(text="Hola, soy Ana", number=7, **changes):
    data = {"event": "message_created", "id": number, "content": text, "message_type": "outgoing",
            "private": False, "conversation": {"id": 1, "status": "open"}}  # fmt: skip
    return hook(**{**data, **changes})


async def test_a_person_is_handed_over_with_what_they_consented_to(server, desk, redis):
    await asked(redis)
    await desk.work()
    assert server.said == [(1, "hola"), (1, "ayuda")]
    assert server.conversations[1]["custom_attributes"]["priority"] == "high"
    everything = json.dumps([server.contacts, server.conversations])
    assert PERSON not in everything
    assert PHONE not in everything
    assert await redis.xlen(keys.HANDOVERS) == 0


async def test_what_the_person_writes_next_reaches_the_team_in_order(server, desk, redis):
    await asked(redis, texts=[])
    for number in range(3):
        await handover.tell(
            redis, InboundMessage("sms", PERSON, f"SM{number}", text=f"mensaje {number}")
        )
    await desk.work()
    assert [text for _, text in server.said] == ["mensaje 0", "mensaje 1", "mensaje 2"]


async def test_the_team_answers_in_the_same_chat_and_once(desk, redis, chatwoot):
    await asked(redis)
    await desk.work()
    for _ in range(2):  # Chatwoot repeats webhooks
        assert await desk.take(chatwoot.parse(answer()))
    (reply,) = await outgoing(redis)
    assert reply["message"]["text"] == "Hola, soy Ana"
    assert (reply["channel"], reply["user_ref"]) == ("sms", PERSON)


async def test_closing_there_gives_the_person_back_to_faro(desk, redis, chatwoot):
    await asked(redis)
    await desk.work()
    await desk.take(
        chatwoot.parse(hook(event="conversation_status_changed", status="resolved", id=1))
    )
    assert not await redis.exists(keys.handed_over(PERSON))
    assert "Faro" in (await outgoing(redis))[0]["message"]["text"]
    assert not await desk.take(chatwoot.parse(answer()))


async def test_leaving_here_closes_it_there(server, desk, redis):
    await asked(redis)
    await desk.work()
    await handover.end(redis, PERSON)
    await desk.work()
    assert server.closed == [1]
    assert not await redis.keys("desk*")


async def test_a_desk_that_stumbles_is_tried_again(server, desk, redis):
    server.failures = [503, 429]
    await asked(redis)
    await desk.work()
    assert len(server.said) == 2


@pytest.mark.parametrize("failures", [[503] * 9, [401]])
async def test_a_desk_that_stays_away_is_said_honestly(server, desk, redis, failures):
    server.failures = failures
    await asked(redis)
    await desk.work()
    assert not await redis.exists(keys.handed_over(PERSON))
    assert "no hay una persona" in (await outgoing(redis))[0]["message"]["text"]
    assert [event["type"] for event in await events_in(redis)] == ["queue.failed"]


@pytest.mark.parametrize(
    "ignored",
    [
        answer(private=True),
        answer(message_type="incoming"),
        answer(text=""),
        answer(text=None),
        hook(event="conversation_created", id=1),
    ],
)
def test_what_concerns_nobody_is_ignored(chatwoot, ignored):
    assert chatwoot.parse(ignored) is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"event": "message_created", "message_type": 1, "content": "x"}']
)
def test_what_cannot_be_read_is_refused(chatwoot, body):
    with pytest.raises(RequestError):
        chatwoot.parse(Webhook("/x", body=body))


async def test_only_who_knows_the_address_may_speak(chatwoot):
    chatwoot.verify(SECRET)
    with pytest.raises(RequestError):
        chatwoot.verify("guess")
    assert Chatwoot("", "", "").off


async def test_the_route_answers_and_refuses(redis, chatwoot, desk):
    await asked(redis)
    await desk.work()
    app = Sanic("helpdesk_test", configure_logging=False)
    app.blueprint(blueprint(chatwoot, redis))
    server = await app.create_server(host="127.0.0.1", port=0, return_asyncio_server=True)
    await server.startup()
    port = server.server.sockets[0].getsockname()[1]
    body = json.loads(answer().body)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert (await http.post("/webhooks/chatwoot/wrong", json=body)).status_code == 403
        assert (await http.post(f"/webhooks/chatwoot/{SECRET}", content=b"{")).status_code == 400
        assert (await http.post(f"/webhooks/chatwoot/{SECRET}", json=body)).status_code == 200
    assert len(await outgoing(redis)) == 1
    server.close()


WORDS = {"es": {"quit": ["salir"], "exit": ["receta"], "yes": ["si"]}}


@pytest.mark.parametrize(
    ("message", "goal"),
    [
        (InboundMessage("sms", PERSON, "1", text="mi hijo no aparece"), "team"),
        (InboundMessage("sms", PERSON, "1", text="si"), "team"),
        (InboundMessage("sms", PERSON, "1", text="salir"), "end"),
        (InboundMessage("telegram", PERSON, "1", kind="command", payload="menu"), "end"),
        (InboundMessage("sms", PERSON, "1", text="receta"), "assistant"),
        (InboundMessage("telegram", PERSON, "1", kind="choice", payload="a:tps"), "assistant"),
        (InboundMessage("sms", PERSON, "1", kind="media"), "team"),
    ],
)
def test_whose_a_message_is(message, goal, monkeypatch):
    team_hours.at_the_desk(monkeypatch)
    assert handover.goes_to(message, WORDS) == goal


def test_what_comes_when_nobody_is_there_is_answered_by_faro_too(monkeypatch):
    team_hours.away(monkeypatch)
    message = InboundMessage("sms", PERSON, "1", text="mi hijo no aparece")
    assert handover.goes_to(message, WORDS) == "both"


@pytest.mark.parametrize(
    ("ago", "text", "goal"),
    [(20, "si", "assistant"), (20, "1", "assistant"), (20, "gracias", "team"), (900, "si", "team")],
)
def test_a_yes_to_erasing_reaches_faro_and_a_later_one_the_team(ago, text, goal, monkeypatch):
    team_hours.at_the_desk(monkeypatch)
    menu = (Choice("Sí, borrar todo", "x:erase_yes"), Choice("No, dejarlo así", "x:erase_no"))
    state = PersonState(menu, time.time() - ago)
    message = InboundMessage("sms", PERSON, "1", text=text)
    assert handover.goes_to(message, WORDS, state) == goal
