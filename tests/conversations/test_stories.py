"""Rasa's own conversation tests: every story is predicted action by action."""

import json
import subprocess
import sys

from bot.settings import ROOT


def test_rasa_walks_every_story(model, tmp_path):
    command = [sys.executable, "-m", "bot", "rasa", "test", "core", "--model", str(model)]
    where = ["--stories", "tests/conversations", "--out", str(tmp_path), "--no-plot"]
    done = subprocess.run(command + where, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert report["total"] >= 14
    assert report["correct"] == report["total"], (tmp_path / "failed_test_stories.yml").read_text()
