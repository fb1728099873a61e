"""The models of a pipeline read alike, and hold what they read with once."""

import json

from bot.pipeline.readers import learn_reader, load_reader


def test_equal_data_is_one_reader(tmp_path):
    for name in ("abbreviations.yml", "emoji.yml"):
        (tmp_path / name).write_text("{}")
    learnt = learn_reader(tmp_path, [("mi hijo no aparece", "es")] * 3)
    data = json.loads(json.dumps(learnt.as_data()))
    reader = load_reader(data)
    assert load_reader(json.loads(json.dumps(data))) is reader
    assert reader("mi ijo", "es") == learnt("mi ijo", "es")
    other = learn_reader(tmp_path, [("mi hija no aparece", "es")] * 3).as_data()
    assert load_reader(other) is not reader
