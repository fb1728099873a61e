"""A crisis is answered with the numbers of the place where they help."""

import pytest

from bot.content.files import read_content
from bot.content.release import build
from bot.messages import InboundMessage
from bot.reflexes import Reflexes
from bot.runtime.flood import FLOODED, MUTED
from bot.settings import ROOT


@pytest.fixture(scope="module")
def reflexes():
    release = build(read_content(ROOT), 1)
    return Reflexes(lambda: release)


def answered(reflexes, text, country):
    (reply,) = reflexes(InboundMessage("whatsapp", "p", "1", text=text), country).replies
    return reply.text


HELD = "me tienen encerrado y piden rescate"
EVERYWHERE = None


@pytest.mark.parametrize(
    ("told", "known", "numbers_of"),
    [
        ("", "GT", "GT"),
        ("", EVERYWHERE, EVERYWHERE),
        (", estoy en Reynosa", "GT", "MX"),  # here, whatever we remember
        (" en una casa en México", "GT", EVERYWHERE),  # perhaps there, perhaps told from home
        (" en una casa en Zacapa", "GT", "GT"),
        (", soy de Honduras", "GT", "GT"),  # where somebody is from is not where they are
        (", voy para Estados Unidos", "GT", "GT"),
    ],
)
def test_the_place_told_decides_whose_numbers_are_given(reflexes, told, known, numbers_of):
    assert answered(reflexes, HELD + told, known) == answered(reflexes, HELD, numbers_of)


@pytest.mark.parametrize(
    ("told", "words"),
    [(HELD, "Elegí una opción"), ("they locked me in and want ransom", "Choose one")],
)
def test_the_list_of_a_crisis_answer_says_in_words_what_it_is(reflexes, told, words):
    (reply,) = reflexes(InboundMessage("whatsapp", "p", "1", text=told)).replies
    assert (reply.purpose, reply.prompt) == ("crisis", words)


HINT = "anda con un cuchillo y estoy metida en el baño con las niñas"


def test_a_doubtful_crisis_is_left_to_the_second_guard_with_its_answer_ready(reflexes):
    reflex = reflexes(InboundMessage("whatsapp", "p", "1", text=HINT))
    assert (reflex.replies, reflex.urgent) == ((), False)
    assert InboundMessage("whatsapp", "p", "1", text=HINT, flags=reflex.flags).doubt
    assert reflex.otherwise.urgent
    assert reflex.otherwise.replies[0].purpose == "crisis"


@pytest.mark.parametrize("flag", [FLOODED, MUTED])
def test_a_doubtful_crisis_that_no_second_guard_will_see_is_answered(reflexes, flag):
    reflex = reflexes(InboundMessage("whatsapp", "p", "1", text=HINT, flags=(flag,)))
    assert reflex.urgent
    assert reflex.replies[0].purpose == "crisis"


def test_the_numbers_differ(reflexes):
    assert len({answered(reflexes, HELD, country) for country in ("GT", "MX", None)}) == 3
