"""The two runtimes that a probe is tested on, as pytest parameters."""

import pytest

from tests.exchange.probe_process import Runtime, cpython, micropython_unix


def find(name: str) -> Runtime:
    """The runtime of that name; skips the test where this machine has none."""
    runtime = cpython() if name == "cpython" else micropython_unix()
    if runtime is None:
        pytest.skip("no MicroPython wheel for this machine")
    return runtime


BOTH = pytest.mark.parametrize("runtime_name", ["cpython", "micropython"])
