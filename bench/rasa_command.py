"""Rasa's command in the benchmark's own environment, with or without TensorFlow there."""

import importlib.util
import runpy
import sys
from pathlib import Path

if importlib.util.find_spec("tensorflow") is None:
    # Loaded as a file: nothing else of ours is to be in that process.
    path = Path(__file__).parents[1] / "bot" / "runtime" / "without_tensorflow.py"
    spec = importlib.util.spec_from_file_location("without_tensorflow", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.install(sklearn=True)
else:
    import tensorflow

    # The thread that tunes how batches are made lets each epoch end up to half a minute late,
    # in which nothing is done. Without it the batches are the same.
    options = tensorflow.data.Options()
    options.autotune.enabled = False
    made = tensorflow.data.Dataset.from_generator

    def untuned(*given, **named):
        return made(*given, **named).with_options(options)

    tensorflow.data.Dataset.from_generator = untuned
sys.argv[0] = "rasa"
runpy.run_module("rasa", run_name="__main__")
