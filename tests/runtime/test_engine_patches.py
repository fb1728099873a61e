"""Rasa with our patches says and remembers word for word what it does without them."""

import os
import subprocess
import sys

import pytest

from bot.runtime import engine_patches
from bot.settings import ROOT


def held(engine, tmp_path):
    names = ("FARO_", "REDIS_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.runtime.golden"],
        cwd=ROOT,
        env={**clean, "FARO_ENGINE": engine, "FARO_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def test_golden_conversations_are_the_same_with_and_without_patches(model, tmp_path):
    plain, patched = held("plain", tmp_path), held("patched", tmp_path)
    assert len(plain) > 50
    assert patched == plain


def test_another_version_of_rasa_is_refused(monkeypatch):
    monkeypatch.setattr(engine_patches, "RASA", "3.7.0")
    with pytest.raises(RuntimeError, match=r"written for Rasa 3\.7\.0"):
        engine_patches.apply()
