"""The bench measures, and writes what it measured; how fast is no matter here."""

import json
from pathlib import Path

import pytest

from catflap_host.cli import main


def test_figures_are_measured_and_written(tmp_path: Path, postgres_server: str) -> None:
    out = tmp_path / "host_bench.json"
    words = [
        "host",
        "bench",
        "--seconds",
        "0.5",
        "--runs",
        "1",
        "--folder",
        str(tmp_path),
        "--out",
        str(out),
        "--database",
        postgres_server,
    ]
    status = main(words)
    told = json.loads(out.read_text())
    assert told["suite"] == "host_bench"
    values = {figure["name"]: figure["value"] for figure in told["figures"]}
    assert set(values) == {
        "host.alerts.verify_only",
        *(f"host.{what}.{kind}" for what in ("alerts", "ratio", "cpu") for kind in ("sqlite", "postgres")),
    }
    assert all(value > 0 for value in values.values())
    assert status == (0 if all(figure["ok"] for figure in told["figures"]) else 1)
    assert list(tmp_path.iterdir()) == [out], "nothing else is left behind"


@pytest.mark.parametrize("words", [["--seconds", "0"], ["--runs", "0"]])
def test_bench_of_nothing_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["host", "bench", *words]) == 2
    assert "more than 0" in capsys.readouterr().err
