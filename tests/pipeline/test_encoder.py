"""The encoder says the same of a text whatever else it is asked about."""

import numpy as np
import pytest

from bot.pipeline import encoder


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """An encoder of its own: what one expects stays for the process and for others on disk."""
    monkeypatch.setenv("FARO_VAR", str(tmp_path))
    encoder._model.cache_clear()
    yield
    encoder._model.cache_clear()


def test_one_text_gets_the_same_vector_alone_and_among_many():
    texts = ["hola", "¿cómo pido asilo?", "mi hijo no contesta"]
    together, alone = encoder.encode(texts), [encoder.encode([text])[0] for text in texts]
    assert np.abs(together - np.stack(alone)).max() < 1e-4


@pytest.mark.usefixtures("fresh")
def test_a_text_gets_the_same_vector_whichever_pieces_are_expected():
    texts = ["hola", "¿cómo pido asilo?", "ich möchte 漢字"]
    before = encoder.encode(texts)
    encoder.expect(encoder.pieces_of(texts[:1]))
    encoder._recent.clear()
    assert (encoder.encode(texts) == before).all()
