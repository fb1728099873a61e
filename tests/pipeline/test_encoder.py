"""The encoder says the same of a text whatever else it is asked about."""

import numpy as np

from bot.pipeline import encoder


def test_one_text_gets_the_same_vector_alone_and_among_many():
    texts = ["hola", "¿cómo pido asilo?", "mi hijo no contesta"]
    together, alone = encoder.encode(texts), [encoder.encode([text])[0] for text in texts]
    assert np.abs(together - np.stack(alone)).max() < 1e-4
