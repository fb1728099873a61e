"""A short `faro chaos`: nobody loses a message, gets one twice or in the wrong order."""

import json
import subprocess
import sys

import pytest

from bot.chaos.judge import Verdict, judge
from bot.settings import ROOT


def test_killing_processes_of_a_busy_system_harms_nobody(model):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chaos", "--messages", "80", "--kills", "4", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout) == {
        "messages": 80,
        "kills": 4,
        "lost": 0,
        "duplicate_replies": 0,
        "out_of_order": 0,
        "unsent": 0,
    }, done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("got", "verdict"),
    [
        (["hi", "a", "b"], Verdict()),
        (["hi", "a"], Verdict(lost=1)),
        (["a", "b"], Verdict(lost=1)),
        (["hi", "a", "a", "b"], Verdict(duplicate_replies=1)),
        (["hi", "b", "a"], Verdict(out_of_order=1)),
        (["hi", "a", "sorry", "b"], Verdict(strange=1)),
        ([], Verdict(lost=2)),
    ],
)
def test_the_judge_sees_what_is_wrong(got, verdict):
    assert judge([["hi", "a"], ["b"]], got) == verdict
