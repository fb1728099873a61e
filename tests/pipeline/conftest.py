"""A small bot: four topics in three languages, trained for real."""

import pytest

from bot.runtime import without_tensorflow

without_tensorflow.install()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.importers.utils import training_data_from_paths  # noqa: E402

from bot.pipeline import encoder  # noqa: E402

PHRASES = {
    "es": {
        "tourist_visa": [
            "como saco la visa de turista",
            "visa de paseo para estados unidos",
            "quiero ir a pasear a miami que visa necesito",
            "requisitos de la visa de turista",
        ],
        "missing_relative": [
            "mi hermano no aparece desde hace un mes",
            "no se nada de mi hijo que iba para el norte",
            "como busco a un familiar desaparecido",
            "mi primo se perdió en el desierto",
        ],
        "shelters": [
            "donde hay un albergue",
            "necesito un lugar donde dormir esta noche",
            "casa del migrante en tapachula",
            "refugio para pasar la noche con mis niños",
        ],
        "out_of_scope": [
            "quien ganó el partido de anoche",
            "receta de baleadas",
            "cuanto es 3 por 5",
            "me gusta la música",
        ],
    },
    "en": {
        "tourist_visa": ["how do i get a visitor visa", "tourist visa requirements"],
        "missing_relative": ["my brother is missing", "how do i find a lost relative"],
        "shelters": ["where is a shelter", "i need a place to sleep tonight"],
        "out_of_scope": ["who won the game", "tell me a joke"],
    },
    "ht": {
        "tourist_visa": ["kijan pou m jwenn viza touris", "viza pou vizite ozetazini"],
        "missing_relative": ["frè m disparèt", "mwen pa konnen kote pitit mwen ye"],
        "shelters": ["ki kote ki gen yon kote pou dòmi", "mwen bezwen yon albèg"],
        "out_of_scope": ["ki moun ki genyen match la", "rakonte m yon blag"],
    },
}


def write_phrases(folder):
    for language, topics in PHRASES.items():
        (folder / language).mkdir(parents=True)
        text = ['version: "3.1"', "nlu:"]
        for label, phrases in topics.items():
            text += [f"- intent: faq/{label}", "  examples: |", *(f"    - {p}" for p in phrases)]
        (folder / language / "all.yml").write_text("\n".join(text) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def nlu(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nlu")
    write_phrases(folder)
    return folder


@pytest.fixture(scope="session")
def trained(nlu, tmp_path_factory):
    """Train a component and load it again: ``trained(Component, **config)``."""
    data = training_data_from_paths([str(p) for p in sorted(nlu.rglob("*.yml"))], "es")
    context = ExecutionContext(GraphSchema({}), node_name="node")

    def train(component, **config):
        storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
        config = {**component.get_default_config(), "nlu": str(nlu), **config}
        resource = Resource(component.__name__)
        component.create(config, storage, resource, context).train(data)
        return component.load(config, storage, resource, context)

    return train


@pytest.fixture
def times_encoded():
    """Return a function that says how often the encoder has been at work since the test began."""
    encoder._recent.clear()  # so that no text is known from another test
    before = _asked_for()
    return lambda: _asked_for() - before


def _asked_for():
    # Each pass takes the encoder out of its cache, which counts.
    cache = encoder._model.cache_info()
    return cache.hits + cache.misses
