"""Lets Rasa 3.6.21 run where TensorFlow is not installed.

Rasa imports TensorFlow eagerly in one module, ``rasa/utils/train_utils.py``, and through
one list of components, ``rasa/engine/recipes/default_components.py``; nothing that we use
needs it. Without it the installation is 1.9 GB smaller and starts in seconds. Where
TensorFlow is installed (the extra ``vanilla``) this module changes nothing.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from types import ModuleType

RASA = "3.6.21"

_COMPONENTS = """
from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
from rasa.nlu.extractors.duckling_entity_extractor import DucklingEntityExtractor
from rasa.nlu.extractors.entity_synonyms import EntitySynonymMapper
from rasa.nlu.extractors.regex_entity_extractor import RegexEntityExtractor
from rasa.nlu.featurizers.sparse_featurizer.lexical_syntactic_featurizer import (
    LexicalSyntacticFeaturizer,
)
from rasa.nlu.featurizers.sparse_featurizer.regex_featurizer import RegexFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
"""
_COMPONENTS_OF_SKLEARN = """
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.classifiers.sklearn_intent_classifier import SklearnIntentClassifier
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
"""
_LIST = """
DEFAULT_COMPONENTS = [
    value for name, value in list(globals().items()) if isinstance(value, type)
]
"""


def _classes(*names: str) -> str:
    return "\n".join(f"class {name}: ..." for name in names)


# Modules that need TensorFlow -> what stands in for them: names that Rasa only compares with.
_STAND_INS = {
    "rasa.utils.tensorflow.callback": _classes("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": _classes(
        "RasaBatchDataGenerator", "RasaDataGenerator", "IncreasingBatchSizeDataGenerator"
    ),
    # What neural policies train on; it takes scikit-learn and 40 MB along.
    "rasa.utils.tensorflow.model_data": _classes(
        "RasaModelData", "Data", "FeatureArray", "FeatureSignature", "ragged_array_to_ndarray"
    ),
    "rasa.nlu.classifiers.diet_classifier": _classes("DIETClassifier"),
    "rasa.nlu.selectors.response_selector": _classes("ResponseSelector"),
    "rasa.core.policies.ted_policy": _classes("TEDPolicy"),
    "rasa.engine.recipes.default_components": _COMPONENTS + _LIST,
}


class _StandIns(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in _STAND_INS else None

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(_STAND_INS[module.__name__], module.__name__, "exec"), module.__dict__)  # noqa: S102 - our own constant


def install(*, sklearn: bool = False) -> None:
    """Make ``import rasa`` work without TensorFlow; raise if Rasa is another version.

    ``sklearn``: with the components made of scikit-learn, which take a process 40 MB and are
    none of ours, for pipelines other than ours.
    """
    if importlib.util.find_spec("tensorflow") is not None:
        return
    if any(isinstance(finder, _StandIns) for finder in sys.meta_path):
        return
    found = version("rasa")
    if found != RASA:
        raise RuntimeError(f"{__name__} was written for Rasa {RASA}, but {found} is installed")
    if sklearn:
        _STAND_INS["rasa.engine.recipes.default_components"] = (
            _COMPONENTS + _COMPONENTS_OF_SKLEARN + _LIST
        )
    sys.meta_path.insert(0, _StandIns())

    import rasa.utils.common
    import rasa.utils.tensorflow.environment as environment

    environment.setup_tf_environment = lambda: None
    environment.check_deterministic_ops = lambda: None
    rasa.utils.common.update_tensorflow_log_level = lambda: None
