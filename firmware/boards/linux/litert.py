"""Runs an int8 model on LiteRT, or on its predecessor tflite-runtime where only that exists."""

import importlib
from typing import Any

from catflap_probe.verdict.int8 import Classifier
from catflap_probe.verdict.tflite import ModelError


class LiteRtClassifier(Classifier):
    """The same model under the same interface, run by LiteRT's reference kernels: integers on every machine."""

    def __init__(self, data: bytes, runtime: Any) -> None:
        """Gives the bytes of a .tflite file to `runtime`, an `interpreter` module; ModelError when damaged or refused."""
        # LiteRT aborts the process on some damaged files: our own strict reader looks first
        super().__init__(data)
        self.runtime: str = runtime.__name__
        import numpy as np

        kernels = runtime.OpResolverType.BUILTIN_REF
        try:
            self._interpreter = runtime.Interpreter(model_content=data, experimental_op_resolver_type=kernels, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"LiteRT refuses the model: {error}") from error
        self._input_index: int = self._interpreter.get_input_details()[0]["index"]
        self._logits_index: int = self._interpreter.get_output_details()[0]["index"]
        self._input_view = np.frombuffer(self.inputs, np.int8).reshape(1, -1)
        self._logits_view = np.frombuffer(self.logits, np.int8)

    def run(self) -> None:
        """Computes `logits` from `inputs`."""
        self._interpreter.set_tensor(self._input_index, self._input_view)
        self._interpreter.invoke()
        self._logits_view[:] = self._interpreter.get_tensor(self._logits_index)[0]


def open_classifier(data: bytes) -> Classifier:
    """The model in the bytes of a .tflite file, on LiteRT, on tflite-runtime or on our own interpreter; ModelError when damaged."""
    for name in ("ai_edge_litert.interpreter", "tflite_runtime.interpreter"):
        try:
            runtime = importlib.import_module(name)
        except ImportError:
            continue
        return LiteRtClassifier(data, runtime)
    return Classifier(data)
