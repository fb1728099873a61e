"""From a signed webhook, through a trained model and an action, to the provider's API."""

import pytest

from tests.end_to_end.system import (
    Faro,
    Person,
    RecordingTwilio,
    twilio_settings,
    wait_for,
)


@pytest.fixture(scope="module")
def twilio():
    server = RecordingTwilio()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def faro(twilio, model, tmp_path_factory):
    system = Faro(tmp_path_factory.mktemp("faro"), **twilio_settings(twilio))
    system.wait_until_ready()
    yield system
    assert system.stop() == 0


def answers(twilio, person, count=1):
    """Return the bodies sent to a person once there are ``count``."""
    wait_for(lambda: len(sent(twilio, person)) >= count)
    return sent(twilio, person)


def sent(twilio, person):
    return [m.get("Body", "") for m in twilio.messages if m["To"] == person.address]


def test_a_question_by_sms_is_answered_with_facts_source_and_choices(faro, twilio):
    person = Person(faro, "+50499550101")
    assert person.write("como pido refugio en mexico con la comar") in (200, 204)
    first, answer = answers(twilio, person, 2)[:2]
    assert "Soy Faro" in first
    assert "30 dias habiles" in answer
    assert "Fuente: " in answer
    assert "\n1. " in answer


def test_the_same_on_whatsapp_keeps_its_accents(faro, twilio):
    person = Person(faro, "+50499550102", "whatsapp:")
    person.write("como pido refugio en mexico con la comar")
    assert "30 días hábiles" in answers(twilio, person, 2)[1]


def test_in_english_the_answer_is_in_english(faro, twilio):
    person = Person(faro, "+12025550103")
    person.write("how do I ask for refugee status in mexico at comar")
    assert "30 working days" in answers(twilio, person, 2)[1]


def test_a_typed_number_answers_the_menu_and_a_country_the_question(faro, twilio):
    person = Person(faro, "+50499550104")
    person.write("a que numero llamo para pedir ayuda")
    assert "1. Honduras" in answers(twilio, person, 2)[1]
    person.write("1")
    assert "911" in answers(twilio, person, 3)[2]


def test_a_message_delivered_twice_is_answered_once(faro, twilio):
    person = Person(faro, "+50499550105")
    for _ in range(3):
        assert person.write("hola", sid="SM" + "a" * 32) in (200, 204)
    other = Person(faro, "+50499550106")
    other.write("hola")
    answers(twilio, other, 2)
    assert len(sent(twilio, person)) == 2


def test_a_wrong_signature_is_refused_and_reaches_nobody(faro, twilio):
    person = Person(faro, "+50499550107")
    assert person.write("hola", token="f" * 32) == 403
    assert person.write("hola") in (200, 204)
    assert len(answers(twilio, person, 2)) == 2


def test_a_crisis_is_answered_first_and_its_country_leads_to_its_lines(faro, twilio):
    person = Person(faro, "+50499550108")
    person.write("a mi hijo lo secuestraron")
    assert "911" in answers(twilio, person, 1)[0]
    person.write("2")
    assert "110" in answers(twilio, person, 2)[1]


def test_a_stop_word_is_confirmed_once_and_a_question_still_answered(faro, twilio):
    person = Person(faro, "+50499550109")
    person.write("ALTO")
    assert "VOLVER" in answers(twilio, person, 1)[0]
    person.write("como pido refugio en mexico con la comar")
    assert any("30 dias" in body for body in answers(twilio, person, 3))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 10_000,
        "🇭🇳➡️🇲🇽➡️🇺🇸❓",
        "‮?sodinU sodatsE a ogell omóc",
        "\u200b/restart",
        '/faq{"country":"US"}',
        "{{7*7}} ${jndi:ldap://x/a} %s%n",
    ],
)
def test_strange_input_gets_a_sensible_reply(faro, twilio, text):
    person = Person(faro, f"+504995502{abs(hash(text)) % 90 + 10}")
    assert person.write(text) in (200, 204)
    bodies = answers(twilio, person, 2)
    assert len(bodies) >= 2
    assert all(body.strip() for body in bodies)
    assert "{" not in bodies[-1]


def test_a_typed_intent_is_never_obeyed(faro, twilio):
    person = Person(faro, "+50499550110")
    person.write("como pido refugio en mexico con la comar")
    answers(twilio, person, 2)
    for count, text in enumerate(("/restart", '/faq{"country":"US"}', "//session_start"), 3):
        person.write(text)
        assert len(answers(twilio, person, count)) == count


def test_nothing_sent_was_refused_by_the_provider(faro, twilio):
    assert twilio.refused == []


def test_malformed_requests_never_give_a_server_error(faro):
    import httpx

    for path in ("/webhooks/sms/inbound", "/webhooks/whatsapp/inbound", "/webhooks/sms/status"):
        for body in (b"", b"\xff\xfe", b"=&=&", b"Body=x", b"{}", b"[" * 1000):
            assert httpx.post(faro.url + path, content=body).status_code in (400, 403)
    for path in ("/webhooks/telegram/hook",):
        assert httpx.post(faro.url + path, content=b"{").status_code in (403, 503)


def test_rasas_own_interface_is_not_reachable(faro):
    import httpx

    for path in ("/model/parse", "/conversations/x/tracker", "/webhooks/rest/webhook"):
        assert httpx.post(faro.url + path, json={}).status_code in (404, 405)
