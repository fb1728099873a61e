"""What a message is about, from a classifier trained on a handful of phrases."""

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.pipeline.classifier import TopicClassifier
from bot.pipeline.language import WRITTEN, LanguageIdentifier
from bot.pipeline.topics import RESPONSE_SELECTOR, set_intent


@pytest.fixture(scope="module")
def classifier(trained):
    # A handful of phrases cannot make anyone sure.
    return trained(TopicClassifier, confidence=0.3, margin=0.05)


def understood(classifier, text, language="es"):
    message = Message({TEXT: text, WRITTEN: language})
    return classifier.process([message])[0]


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("ocupo visa pa ir de paseo", "es", "tourist_visa"),
        ("mi tío está desaparecido", "es", "missing_relative"),
        ("un alberge pa dormir", "es", "shelters"),
        ("we have nowhere to sleep", "en", "shelters"),
        ("je cherche un endroit pour dormir", "fr", "shelters"),
        ("sè m disparèt", "ht", "missing_relative"),
        ("cuéntame un chiste", "es", "out_of_scope"),
    ],
)
def test_topics(classifier, text, language, label):
    message = understood(classifier, text, language)
    assert message.get(INTENT_RANKING_KEY)[0]["name"] == f"faq/{label}"


def test_what_a_label_is_called_counts_as_a_phrase_of_it(classifier):
    assert understood(classifier, "tourist visa", "en").get(INTENT)["confidence"] == 1.0
    message = understood(classifier, "relatives who are missing", "en")
    assert message.get(INTENT_RANKING_KEY)[0]["name"] == "faq/missing_relative"


def test_an_answerable_message_names_its_response(classifier):
    message = understood(classifier, "visa de turista requisitos")
    assert message.get(INTENT)["name"] == "faq"
    response = message.get(RESPONSE_SELECTOR)["faq"]["response"]
    assert response["intent_response_key"] == "faq/tourist_visa"


def test_a_phrase_is_certain_without_the_encoder(classifier, times_encoded):
    message = understood(classifier, "¡COMO saco la Visa de TURISTA!")
    assert message.get(INTENT) == {"name": "faq", "confidence": 1.0}
    assert times_encoded() == 0


def test_doubt_asks_back_and_keeps_the_ranking(trained):
    unsure = trained(TopicClassifier, confidence=1.1)
    message = understood(unsure, "visa para dormir")
    assert message.get(INTENT)["name"] == "nlu_fallback"
    ranking = [item["name"] for item in message.get(INTENT_RANKING_KEY)]
    assert {"faq/tourist_visa", "faq/shelters"} <= set(ranking)


def test_the_decided_is_left_alone(classifier):
    message = Message({TEXT: "mi hermano no aparece"})
    set_intent(message, "crisis")
    assert classifier.process([message])[0].get(INTENT)["name"] == "crisis"


@pytest.mark.parametrize("text", ["", "   ", "?", "\u200b", "🙃", "x" * 3000])
def test_nothing_breaks_it(classifier, text):
    assert understood(classifier, text).get(INTENT)["name"] in ("faq", "nlu_fallback")


def test_the_same_phrases_make_the_same_model(trained, classifier):
    again = trained(TopicClassifier)
    for text in ("busco a mi hermana", "where can i sleep", "xyz"):
        assert classifier.rank([(text, "es")]) == again.rank([(text, "es")])


def test_many_messages_are_read_as_each_alone(classifier):
    texts = [("busco a mi hermana", "es"), ("albergue", "es"), ("tourist visa", "en")]
    together = classifier.rank(texts)
    for text, ranking in zip(texts, together, strict=True):
        alone = classifier.rank([text])[0]
        assert [name for name, _ in alone] == [name for name, _ in ranking]
        assert alone[0][1] == pytest.approx(ranking[0][1], abs=1e-3)


def test_without_topics_everything_is_asked_back(tmp_path, nlu):
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    storage, resource = LocalModelStorage(tmp_path), Resource("empty")
    config = TopicClassifier.get_default_config()
    context = ExecutionContext(GraphSchema({}))
    TopicClassifier.create(config, storage, resource, context).train(TrainingData())
    empty = TopicClassifier.load(config, storage, resource, context)
    assert understood(empty, "visa").get(INTENT)["name"] == "nlu_fallback"


def test_a_changed_word_list_trains_again(tmp_path):
    config = {**TopicClassifier.get_default_config(), "words": str(tmp_path)}
    before = TopicClassifier.fingerprint_addon(config)
    (tmp_path / "emoji.yml").write_text("{}")
    assert TopicClassifier.fingerprint_addon(config) != before


@pytest.mark.parametrize("component", [TopicClassifier, LanguageIdentifier])
def test_what_rasa_has_cached_is_fingerprinted_without_defaults(component):
    assert component.fingerprint_addon({}) == component.fingerprint_addon({})
