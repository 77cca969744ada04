"""Damaged recordings and lines that cannot be read yet: named, passed over, the rest read."""

import json
from pathlib import Path

import pytest

from catflap_host import micropython
from tests.replay.recorded import record_world, replayed, rows

RUNTIMES = ["cpython", pytest.param("micropython", marks=pytest.mark.skipif(micropython.find() is None, reason="no MicroPython"))]


def change_line(folder: Path, line: str, **fields: object) -> None:
    """Changes a line of trunk.json."""
    tree = json.loads((folder / "trunk.json").read_text())
    for entry in tree["lines"]:
        if entry["id"] == line:
            entry.update(fields)
    (folder / "trunk.json").write_text(json.dumps(tree))


def cut_short(lines: list[str]) -> list[str]:
    return [*lines[:20], lines[20][:-4]]


def no_json(lines: list[str]) -> list[str]:
    return [*lines[:20], "{nonsense", *lines[21:]]


def back_in_time(lines: list[str]) -> list[str]:
    return [*lines[:20], '[0.0, "o", "RING"]', *lines[21:]]


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("damage", [cut_short, no_json, back_in_time])
def test_damage_is_named_and_the_rest_is_read(damage: object, runtime: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert callable(damage)
    folder = record_world(tmp_path / "recording", count=100)
    whole = rows(replayed([folder], tmp_path / "whole")[0])
    cast = folder / "L02.cast"
    lines = cast.read_text().splitlines()
    damage_s = json.loads(lines[19])[0]
    cast.write_text("\n".join(damage(lines)) + "\n")
    capfd.readouterr()
    found = rows(replayed([folder], tmp_path / "damaged", "--runtime", runtime)[0])
    said = capfd.readouterr().err
    assert "L02.cast, line 21: " in said
    assert f"{len(found)} calls" in said
    assert "Traceback" not in said

    def heard(verdicts: list[dict[str, str]]) -> list[tuple[str, str]]:
        return [(row["line"], row["t"]) for row in verdicts if row["line"] != "L02" or float(row["t"]) <= damage_s]

    assert heard(found) == heard(whole)
    assert {row["line"] for row in found} == {row["line"] for row in whole}


@pytest.mark.parametrize("dialect", ["q931", "smdr"])
def test_a_dialect_to_come_is_named_and_passed_over(dialect: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = record_world(tmp_path / "recording", count=60)
    change_line(folder, "L01", dialect=dialect)
    found = rows(replayed([folder], tmp_path)[0])
    said = capfd.readouterr().err
    assert "L01" in said
    assert dialect in said
    assert {row["line"] for row in found} == {"L02", "L03", "L04"}


def test_an_unknown_profile_is_read_as_generic_with_a_warning(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = record_world(tmp_path / "recording", count=60)
    change_line(folder, "L04", profile="acme")
    found = rows(replayed([folder], tmp_path)[0])
    assert "line L04: unknown profile acme, read as generic" in capfd.readouterr().err
    assert "L04" in {row["line"] for row in found}
