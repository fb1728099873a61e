"""Rasa with our patches says and remembers word for word what it does without them."""

import os
import re
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


def test_another_version_of_rasa_is_refused(tmp_path, monkeypatch):
    installed = tmp_path / "rasa-3.7.0.dist-info"  # what an installer leaves of a package
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: rasa\nVersion: 3.7.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    refusal = f"written for Rasa {engine_patches.RASA}, but 3.7.0 is installed"
    with pytest.raises(RuntimeError, match=re.escape(refusal)):
        engine_patches.apply()
