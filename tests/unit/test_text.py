"""Texts: cleaning, splitting, formatting, SMS alphabets, stop words, typed choices."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.choices import distinct, menu, page, resolve, settle
from bot.consent import mentions, recognise
from bot.marks import as_html, as_whatsapp, literal, plain
from bot.messages import Choice, InboundMessage, OutboundMessage
from bot.sms import cheap, sms_size
from bot.text import clean, fold, for_rasa, numbered, shorten, split, utf16_units

prose = st.text(st.characters(blacklist_categories=("Cs",)), max_size=400)
WORDS = {
    "stop": ["ALTO", "parar", "baja", "ARRÊT", "opt out", "no más mensajes", "stop", "unsubscribe"],
    "start": ["alta", "volver"],
}
MENU = (Choice("Clases", "m:1"), Choice("Hablar con alguien", "m:2"), Choice("Salir", "m:3"))


# -- cleaning --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cleaned", "flags"),
    [
        ("  ¡Ayuda!\r\n¿Dónde?  ", "¡Ayuda!\n¿Dónde?", ()),
        ("\u202eمساعدة\u200b", "مساعدة", ()),
        ("e\u0301", "é", ()),
        ("\u200b/affirm", "/affirm", ()),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", ()),
        ("a\u200db", "ab", ()),
        ("x" * 5000, "x" * 4096, ("truncated",)),
        ("\ud800", "\ufffd", ()),
        ("SGVsbG8=", "SGVsbG8=", ()),
        ("", "", ()),
    ],
)
def test_clean(text, cleaned, flags):
    assert clean(text) == (cleaned, flags)


def test_a_text_in_base64_is_read():
    text = "Qm9uam91LCBtd2VuIHNlIHlvbiBtYW5tYW4ga2kgZ2VuIGRlIHRpbW91biBlcGkgbXdlbiB0YSByZW5tZW4ga29ubmVuIGtvdGUgbGVrb2wgbGEgeWUu"
    assert clean(text)[0].startswith("Bonjou, mwen se yon manman")
    assert clean(text)[1] == ("decoded",)


@given(prose)
def test_cleaning_twice_changes_nothing(text):
    once = clean(text)[0]
    assert clean(once)[0] == once


@given(prose)
def test_nothing_typed_reaches_rasa_as_a_command(text):
    assert not for_rasa(clean(text)[0]).startswith("/")
    assert not for_rasa("\n /" + text).strip().startswith("/")


# -- splitting -------------------------------------------------------------------------------------


@given(prose, st.integers(2, 80))
def test_no_part_is_longer_than_the_limit_and_no_word_is_lost(text, limit):
    parts = split(text, limit, utf16_units)
    assert all(0 < utf16_units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("Uno.\n\nDos tres.", 12, ["Uno.", "Dos tres."]),
        ("Una frase. Otra más.", 12, ["Una frase.", "Otra más."]),
        ("palabra palabra", 10, ["palabra", "palabra"]),
        ("xxxxxxxx", 3, ["xxx", "xxx", "xx"]),
        ("", 10, []),
        ("corta", 10, ["corta"]),
    ],
)
def test_split(text, limit, parts):
    assert split(text, limit) == parts


@given(prose, st.integers(2, 60))
def test_shortened_texts_fit(text, limit):
    assert len(shorten(text, limit)) <= max(limit, 1)


def test_numbered_lines():
    assert numbered(["Sí", "No"]) == "1. Sí\n2. No"


# -- formatting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bare", "whatsapp", "tags"),
    [
        (
            "**Importante**: _hoy_",
            "Importante: hoy",
            "*Importante*: _hoy_",
            "<b>Importante</b>: <i>hoy</i>",
        ),
        ("~~no~~ **_a_**", "no a", "~no~ *_a_*", "<s>no</s> <b><i>a</i></b>"),
        ("a_b_c 2 * 3 ** 4", "a_b_c 2 * 3 ** 4", "a_b_c 2 * 3 ** 4", "a_b_c 2 * 3 ** 4"),
        ("1 < 2 & 3", "1 < 2 & 3", "1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        (
            "https://e.org/a_b_c_",
            "https://e.org/a_b_c_",
            "https://e.org/a_b_c_",
            "https://e.org/a_b_c_",
        ),
    ],
)
def test_marks(text, bare, whatsapp, tags):
    assert plain(text) == bare
    assert as_whatsapp(text, 1600) == [whatsapp]
    assert as_html(text, 4096) == [tags]


def test_marks_are_closed_in_every_part():
    assert as_html("**Una frase. Otra frase.**", 22) == ["<b>Una frase.</b>", "<b>Otra frase.</b>"]


@given(prose, st.integers(40, 200))
def test_html_keeps_every_word(text, limit):
    parts = as_html(text, limit)
    said = "".join(html.unescape(re.sub(r"</?[bis]>", "", part)) for part in parts)
    assert "".join(said.split()) == "".join(plain(text).split())
    for part in parts:
        assert sum(part.count(f"<{tag}>") - part.count(f"</{tag}>") for tag in "bis") == 0


@given(prose)
def test_a_persons_own_words_never_format(text):
    assert plain(f"{literal(text)}") == literal(text)


# -- SMS -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 152 + "€" + "b" * 20, "GSM-7", 2),
        ("á" * 70, "UCS-2", 1),
        ("á" * 71, "UCS-2", 2),
        ("a" * 66 + "😀" + "a" * 10, "UCS-2", 2),
        ("ñ é ü ¿ ¡ à è ò", "GSM-7", 1),
        ("ç", "UCS-2", 1),
        ("Ç", "GSM-7", 1),
        ("", "GSM-7", 1),
    ],
)
def test_sms_size(text, encoding, segments):
    assert (sms_size(text).encoding, sms_size(text).segments) == (encoding, segments)


def test_typographic_signs_become_plain_and_letters_stay():
    assert cheap("“Sí” – «no»… Nou la pou ede’w") == '"Sí" - "no"... Nou la pou ede\'w'


def test_the_cheap_alphabet_keeps_what_it_has():
    said = "¿Dónde está la niña? informações à mão, garçon, cœur, Pòtoprens"
    assert cheap(said, "gsm") == "¿Donde esta la niña? informacoes à mao, garcon, coeur, Pòtoprens"
    assert sms_size(cheap(said, "gsm")).encoding == "GSM-7"


# -- stop words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "consent"),
    [
        ("PARAR", "stop"),
        ("¡Parar!", "stop"),
        ("arret", "stop"),
        ("No mas  mensajes.", "stop"),
        ("opt out", "stop"),
        ("ALTA", "start"),
        ("unsuscribe", "stop"),
        ("unsubscirbe", "stop"),
        ("alto ahí", None),
        ("no puedo parar de pensar", None),
        ("pagar", None),
        ("baja?", "stop"),
        ("caja", None),
        ("", None),
        ("...", None),
    ],
)
def test_consent(text, consent):
    assert recognise(text, WORDS) == consent


def test_a_stop_word_in_a_sentence_is_a_hint():
    assert mentions("quiero parar los avisos", WORDS)
    assert not mentions("quiero parara", WORDS)


# -- choices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["2", "2.", "2)", "(2)", "２", "٢", "2️⃣", "hablar con alguien", "HABLAR CON ALGUIÉN", " 2 "],
)
def test_the_second_choice(said):
    assert resolve(said, MENU) == MENU[1]


@pytest.mark.parametrize("said", ["0", "4", "12", "2 o 3", "hablar", "", "²", "-"])
def test_no_choice(said):
    assert resolve(said, MENU) is None


def test_two_choices_of_one_name_are_not_guessed_between():
    assert resolve("Clase", (Choice("Clase", "m:1"), Choice("Clase", "m:2"))) is None


def test_yes_is_enough_where_a_title_begins_with_it():
    asked = (Choice("Sí, borrar todo", "x:yes"), Choice("No, dejarlo así", "x:no"))
    assert [resolve(said, asked).payload for said in ("SI", "no")] == ["x:yes", "x:no"]


def message(**parts):
    return InboundMessage("sms", "p", "1", **parts)


@pytest.mark.parametrize(
    ("given_", "age", "kind", "payload"),
    [
        (message(text="2"), 0, "choice", "m:2"),
        (message(text="2"), 90_000, "text", None),
        (message(kind="choice", text="Sí", payload="m:9"), 0, "choice", "m:9"),
        (message(kind="choice", text="Sí", payload="/admin"), 0, "text", None),
    ],
)
def test_settle(given_, age, kind, payload):
    seen = settle(given_, MENU, age, {"m:9"})
    assert (seen.kind, seen.payload) == (kind, payload)


def test_a_button_that_is_not_ours_and_says_nothing_is_dropped():
    assert settle(message(kind="choice", payload="/admin"), MENU, 0, {"m:9"}) is None


def test_links_are_no_part_of_the_menu():
    shown = OutboundMessage("x", (Choice("Guía", "", url="https://e.org"), *MENU))
    assert menu(shown) == MENU


@given(st.lists(st.text(min_size=1, max_size=30), max_size=15), st.integers(8, 24))
def test_titles_become_different_and_stay_short(titles, limit):
    shown = distinct([Choice(shorten(title, limit), "m:1") for title in titles], limit)
    assert len({choice.title for choice in shown}) == len(titles)
    assert all(len(choice.title) <= limit for choice in shown)


def test_the_rest_of_a_menu_is_one_choice_away():
    assert page(MENU, 3, "Más…") == MENU
    assert [choice.payload for choice in page(MENU, 2, "Más…")] == ["m:1", "more:1"]


@given(st.text(max_size=50))
def test_folding_is_stable(text):
    assert fold(fold(text)) == fold(text)
