"""What training leaves out of Rasa's own work, and that the work left is the same."""

from bot.processes.models import _read_once
from bot.runtime import without_tensorflow
from tests import counting

NLU = """
version: "3.1"
nlu:
- intent: faq/tps
  examples: |
    - que es el tps
    - quien tiene tps
"""


def test_rasa_reads_the_phrases_once_however_it_asks_for_them(tmp_path):
    without_tensorflow.install()
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.shared.importers.utils import training_data_from_paths

    (tmp_path / "nlu.yml").write_text(NLU)
    (tmp_path / "config.yml").write_text("recipe: default.v1\nlanguage: es\n")
    _read_once()
    with counting.calls(of=training_data_from_paths) as reading:
        files = TrainingDataImporter.load_from_config(
            str(tmp_path / "config.yml"), training_data_paths=[str(tmp_path / "nlu.yml")]
        )
        found = files.get_nlu_data()
        assert files.get_nlu_data("es") is files.get_nlu_data(language="es") is found
        files.get_domain()
    assert reading.count == 1
    assert sorted(example.get("text") for example in found.intent_examples) == [
        "que es el tps",
        "quien tiene tps",
    ]
