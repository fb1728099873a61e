"""Hears a crisis that the rules did not: the second guard, which may only add."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import settings
from bot.content.files import read_yaml
from bot.crisis import Rules
from bot.identify import DEFAULT, OURS
from bot.pipeline import crisis_kernel, gram_space, kernel, likeness, projection
from bot.pipeline.crisis_kernel import NONE, CrisisKernel, Told, Verdict
from bot.pipeline.language import WRITTEN
from bot.pipeline.phrases import by_lot, digest, labelled, phrases
from bot.pipeline.readers import learn_reader
from bot.pipeline.topics import set_intent

CRISIS = "crisis"
GENERAL = "general"
DOUBT = "crisis_doubt"  # of which type the rules saw signs, in what the worker says
MAYBE = "crisis_maybe"  # how likely it is, in what Rasa understood of the message
# Topics under which people do tell of crises: their phrases are no examples of calm.
_TELLING = {
    "emergency_help",
    "violence_at_home",
    "mental_health",
    "missing_relative",
    "gang_threats",
    "risks_kidnapping_extortion",
    "risks_sexual_violence",
    "trafficking_signs",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisModel(GraphComponent):
    """Last component of the pipeline, over whatever words a person wrote.

    From ``sure`` on, the message is a crisis that nobody has answered yet (its entity says
    ``answered: False``). From ``maybe`` on, the answer is followed by how to call for help.
    A question asked because of a danger (see ``Rules.hints_at``), or a short answer in a guided
    conversation ("yes, that I tell nobody"), is one only from ``surer`` on. What the rules doubt
    (``perhaps`` and signs) is one already from ``confirm`` on, and whenever there is no model.
    A type less than ``lead`` ahead of the next is not named: the answer is the general one.
    ``told``, ``rules``, ``nlu`` and ``words`` are folders; ``calm`` says how many phrases of
    other topics are learnt from. The numbers were chosen by cross-validation and on messages
    that are not learnt (`docs/crisis.md`).
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: CrisisKernel | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "sure": 0.45,
            "surer": 0.9,
            "confirm": 0.1,
            "maybe": 0.3,
            "lead": 0.2,
            "calm": 4000,
            "told": "data/crisis/model",
            "rules": "data/crisis",
            "nlu": "data/nlu",
            "words": "data/language",
            "sharpness": 4.0,
            "mix": 0.2,
            "ridge": 0.1,
        }

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when a message, a rule, a phrase or the code of the model changes."""
        config = {**cls.get_default_config(), **config}
        folders = [settings.ROOT / config[name] for name in ("told", "rules", "nlu", "words")]
        code = (crisis_kernel, gram_space, kernel, likeness, projection)
        return digest(folders) + "".join(map(inspect.getsource, code))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrisisModel:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        folders = {name: settings.ROOT / self._config[name] for name in ("told", "nlu", "words")}
        told = [*read_told(folders["told"]), *self._calm(folders["nlu"])]
        if any(one.type for one in told):
            reader = learn_reader(folders["words"], phrases(folders["nlu"]))
            shape = {name: self._config[name] for name in ("sharpness", "mix", "ridge")}
            self._model = CrisisKernel.train(told, reader, **shape)
            with self._storage.write_to(self._resource) as folder:
                self._model.save(folder)
        return self._resource

    def _calm(self, nlu: Path) -> Iterator[Told]:
        """Yield phrases of other topics that no rule takes for a crisis, drawn by lot."""
        files = sorted((settings.ROOT / self._config["rules"]).glob("*.yml"))
        rules = Rules.compile({path.stem: read_yaml(path) for path in files})
        found = [(text, lang) for text, label, lang in labelled(nlu) if label not in _TELLING]
        for text, language in by_lot(found)[: self._config["calm"]]:
            if rules.find(text) is None:
                yield Told(text, NONE, language)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CrisisModel:
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, CrisisKernel.load(folder))
        except (ValueError, FileNotFoundError):  # trained without crises
            return cls(config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        written = [message for message in messages if _is_written(message)]
        texts = [(message.get(TEXT), message.get(WRITTEN) or DEFAULT) for message in written]
        if self._model is None:
            for message in written:
                if doubt := (message.get("metadata") or {}).get(DOUBT):
                    _take_for_crisis(message, 1.0, doubt)
            return messages
        for message, verdict in zip(written, self._model.judge(texts), strict=True):
            chance = verdict.probability
            about = message.get("metadata") or {}
            hinted, doubt = bool(about.get(MAYBE)), about.get(DOUBT)
            unsure = hinted or about.get("guided")
            needed = self._config["confirm" if doubt else "surer" if unsure else "sure"]
            if chance >= needed:
                _take_for_crisis(message, chance, self.type_of(verdict, doubt))
            elif hinted or doubt or chance >= self._config["maybe"]:
                message.set(MAYBE, round(chance, 4), add_to_output=True)
        return messages

    def type_of(self, verdict: Verdict, doubt: str | None = None) -> str:
        """Return the type to answer: a wrong one would be worse than none in particular.

        Where the rules and the model name the same type, it is that one.
        """
        sure = verdict.lead >= self._config["lead"] or verdict.type == doubt
        return verdict.type if sure else GENERAL


def read_told(folder: Path) -> list[Told]:
    """Return the messages of a folder with one JSON Lines file per language."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem in OURS:
            rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            found += [
                Told(row["text"], row["type"] if row["crisis"] else NONE, path.stem) for row in rows
            ]
    return found


def _is_written(message: Message) -> bool:
    """Return whether a person wrote words that no rule and no button has settled."""
    about = message.get("metadata") or {}
    text, kind = message.get(TEXT) or "", about.get("kind", "text")
    settled = about.get("crisis") or about.get("choice")
    # A photo without a caption has the name of its kind for a text.
    has_words = kind in ("text", "choice", "media") and text.strip() not in ("", kind)
    return has_words and not settled


def _take_for_crisis(message: Message, chance: float, kind: str) -> None:
    beneath = message.get(INTENT_RANKING_KEY) or []
    set_intent(message, CRISIS, chance)
    # The topics it may be about stay: a false alarm is told from them, and figures need them.
    ranking = [*message.get(INTENT_RANKING_KEY), *beneath]
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    entity = {
        "entity": CRISIS,
        "value": kind,
        "confidence": chance,
        "extractor": "CrisisModel",
        "answered": False,
    }
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), entity], add_to_output=True)
