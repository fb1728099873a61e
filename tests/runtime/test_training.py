"""What training leaves out of Rasa's own work, and that the work left is the same."""

from bot.processes.models import _read_once
from bot.runtime import without_tensorflow

NLU = """
version: "3.1"
nlu:
- intent: faq/tps
  examples: |
    - que es el tps
    - quien tiene tps
"""


def test_rasa_reads_the_phrases_once_however_it_asks_for_them(tmp_path, monkeypatch):
    without_tensorflow.install()
    from rasa.shared.importers import utils
    from rasa.shared.importers.importer import TrainingDataImporter

    (tmp_path / "nlu.yml").write_text(NLU)
    (tmp_path / "config.yml").write_text("recipe: default.v1\nlanguage: es\n")
    read, times = utils.training_data_from_paths, []
    monkeypatch.setattr(
        utils, "training_data_from_paths", lambda *asked: (times.append(asked), read(*asked))[1]
    )
    _read_once()
    files = TrainingDataImporter.load_from_config(
        str(tmp_path / "config.yml"), training_data_paths=[str(tmp_path / "nlu.yml")]
    )
    found = files.get_nlu_data()
    assert files.get_nlu_data("es") is files.get_nlu_data(language="es") is found
    files.get_domain()
    assert len(times) == 1
    assert sorted(example.get("text") for example in found.intent_examples) == [
        "que es el tps",
        "quien tiene tps",
    ]
