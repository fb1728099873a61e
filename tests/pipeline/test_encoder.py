"""The encoder's table is a file that processes share, and never another table than the encoder's."""

import numpy as np

from bot.pipeline import encoder


def test_the_shared_table_is_the_encoders_own(tmp_path, monkeypatch):
    monkeypatch.setenv("FARO_VAR", str(tmp_path))
    table = np.arange(4 * encoder.SIZE, dtype=np.uint8).reshape(4, encoder.SIZE)
    shared = encoder._shared(table)
    assert (shared == table).all()
    assert [path.suffix for path in tmp_path.iterdir()] == [".npy"]


def test_a_file_with_another_table_is_written_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("FARO_VAR", str(tmp_path))
    table = np.ones((4, encoder.SIZE), dtype=np.uint8)
    encoder._shared(np.zeros_like(table))
    assert (encoder._shared(table) == table).all()


def test_one_text_gets_the_same_vector_alone_and_among_many():
    texts = ["hola", "¿cómo pido asilo?", "mi hijo no contesta"]
    together, alone = encoder.encode(texts), [encoder.encode([text])[0] for text in texts]
    assert np.abs(together - np.stack(alone)).max() < 1e-4
