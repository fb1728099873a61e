"""Our count of SMS segments against Twilio's own calculator."""

import json
import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sms import cheap, sms_size
from tests.channels.conformance.run import CASES, load

FOLDER = Path(__file__).parent
ALPHABET = "aeo ñéü¿¡àèò€[]{}\\^~|áíóúãçœ’“–…😀🇭🇹👨‍👩‍👧👍🏽ΔΦΩ\nÇÈ"


def calculated(texts):
    done = subprocess.run(
        ["node", str(FOLDER / "segments.js")],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [tuple(size) for size in json.loads(done.stdout)]


def counted(texts):
    return [(size.encoding, size.segments) for size in map(sms_size, texts)]


def test_every_case_counts_as_twilio_counts():
    texts = [c["given"]["text"] for c in load(CASES)["cases"] if "text" in c["given"]]
    assert counted(texts) == calculated(texts)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(st.sampled_from(ALPHABET), max_size=400), min_size=100, max_size=100))
def test_any_text_counts_as_twilio_counts(texts):
    assert counted(texts) == calculated(texts)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.text(st.sampled_from(ALPHABET), max_size=300), min_size=50, max_size=50))
def test_what_we_make_cheap_counts_as_twilio_counts(texts):
    cheaper = [cheap(text, "gsm") for text in texts]
    assert counted(cheaper) == calculated(cheaper)
