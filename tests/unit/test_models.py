"""A trained model is named after everything it is made from, so that none is used out of date."""

import ast
import json

from bot.content.files import read_yaml
from bot.processes import models
from bot.processes.models import CODE
from bot.settings import ROOT

# Imported by the pipeline, but nothing that is learnt or computed from a text depends on it,
# or (crisis rules) hardly: they only choose among calm phrases, and staff change them often.
APART = {"settings", "payloads", "content", "crisis"}


def imported(module):
    """Return the modules of ours that a module imports."""
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            files = {name for name in inside if (ROOT / f"{name.replace('.', '/')}.py").exists()}
            found |= files or {node.module}
    return {name for name in found if name.split(".")[0] == "bot"}


def test_a_model_is_named_after_the_code_that_reads_texts():
    config = read_yaml(ROOT / "config.yml")
    waiting = {step["name"].rpartition(".")[0] for step in config["pipeline"]}
    seen = set()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        waiting |= {name for name in imported(module) - seen if name.split(".")[1] not in APART}
    outside = {name.removeprefix("bot.") for name in seen if not name.startswith("bot.pipeline.")}
    assert outside == set(CODE) - {"text"}


def test_it_is_told_which_files_a_new_model_is_needed_for(tmp_path):
    model = tmp_path / "faro-1.tar.gz"
    model.touch()
    assert models.newest_model(tmp_path) == model
    assert models.changed(model) == models.changed(None) == sorted(models.hashes())
    before = {**models.hashes(), "config.yml": "another", "data/nlu/xx/gone.yml": "1"}
    (tmp_path / "faro-1.json").write_text(json.dumps(before), encoding="utf-8")
    assert models.changed(model) == ["config.yml", "data/nlu/xx/gone.yml"]
