"""The stand-in for logging on a board: levels, and a stream that is not standard error."""

import io
import runpy
from pathlib import Path
from typing import Any

import pytest

import boards


@pytest.fixture
def logging() -> dict[str, Any]:
    return runpy.run_path(str(Path(boards.__file__).parents[1] / "lib" / "logging.py"))


def test_what_is_not_below_the_level_goes_to_the_stream(logging: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    logging["basicConfig"](level=logging["INFO"], stream=stream)
    log = logging["getLogger"]("catflap.probe")
    log.debug("not this")
    log.info("%s: %d %%", "L01", 5)
    assert stream.getvalue() == "INFO:catflap.probe:L01: 5 %\n"
    assert capsys.readouterr().err == ""


def test_standard_error_is_where_it_goes_else(logging: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    logging["getLogger"]("catflap").warning("port gone")
    assert capsys.readouterr().err == "WARNING:catflap:port gone\n"
