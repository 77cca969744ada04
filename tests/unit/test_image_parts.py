"""What an image is put together from: the container, the frozen data, the table of sizes, the digest of all inputs."""

import json
import runpy
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from catflap_image import build, frozen, sizes, uf2
from catflap_image.__main__ import main


def test_every_byte_of_an_image_is_in_the_container_at_its_place() -> None:
    image = bytes(range(256)) * 5 + b"end"
    blocks = uf2.container(image, 0xE48BFF56)
    assert len(blocks) == 6 * 512
    seen = bytearray()
    for number in range(6):
        block = blocks[number * 512 : (number + 1) * 512]
        start0, start1, flags, address, length, index, count, family = struct.unpack_from("<8I", block)
        assert (start0, start1, struct.unpack_from("<I", block, 508)[0]) == (0x0A324655, 0x9E5D5157, 0x0AB16F30)
        assert (flags, index, count, family) == (0x2000, number, 6, 0xE48BFF56)
        assert address == uf2.FLASH_BASE + len(seen)
        seen += block[32 : 32 + length]
    assert seen.startswith(image) and not any(seen[len(image) :])


def test_frozen_data_is_the_files_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) + b"'\"\\\n" * 20
    frozen.write_module(tmp_path / "data.py", "Any bytes.", {"TABLE": content, "MORE": b"x"})
    module = runpy.run_path(str(tmp_path / "data.py"))
    assert (module["TABLE"], module["MORE"]) == (content, b"x")


def test_main_runs_at_power_on_and_lib_is_imported_without_its_folder(tmp_path: Path) -> None:
    frozen.write_manifest(
        tmp_path / "manifest.py", Path("/f"), ["a/b.py", "lib/hmac.py", "boards/rp2/main.py"], "boards/rp2/main.py", Path("/d")
    )
    lines = (tmp_path / "manifest.py").read_text().splitlines()
    assert lines[-3:] == ['freeze("/f", "a/b.py")', 'freeze("/f/lib", "hmac.py")', 'freeze("/f/boards/rp2", "main.py")']


def test_growth_over_two_percent_is_told() -> None:
    kept = {"RPI_PICO": {"flash": 1000, "ram": 100}, "armv6m": {"mpy": 500}}
    grown = sizes.growth({"RPI_PICO": {"flash": 1020, "ram": 103}, "armv6m": {"mpy": 480}, "rv32imc": {"mpy": 9}}, kept)
    assert grown == ["RPI_PICO ram: 100 -> 103 bytes, +3.0 %"]


@pytest.mark.parametrize("board", list(build.BOARDS))
def test_frozen_probe_and_model_take_at_most_300_kb(board: str) -> None:
    assert json.loads(build.KEPT_SIZES.read_text())[board]["frozen"] <= 300_000


def test_figures_of_other_boards_are_kept(tmp_path: Path) -> None:
    sizes.update(tmp_path / "sizes.json", {"RPI_PICO": {"flash": 1}})
    assert sizes.update(tmp_path / "sizes.json", {"RPI_PICO2": {"flash": 2}}) == {"RPI_PICO": {"flash": 1}, "RPI_PICO2": {"flash": 2}}


def test_main_and_every_module_of_the_probe_are_frozen() -> None:
    modules = build.frozen_modules()
    assert build.MAIN in modules and "lib/hmac.py" in modules
    assert {path.name for path in (build.FIRMWARE / "catflap_probe").glob("*.py")} <= {Path(name).name for name in modules}
    assert not any(name.startswith(("boards/linux", "boards/unix")) for name in modules)


def test_probe_starts_without_the_modules_that_are_left_out(tmp_path: Path) -> None:
    for name in build.frozen_modules():
        if name.startswith("catflap_probe/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(build.FIRMWARE / name, tmp_path / name)
    # the table that an image has frozen beside it
    shutil.copy(build.FIRMWARE / "catflap_probe/verdict/numbers.bin", tmp_path / "catflap_probe/verdict")
    words = [sys.executable, "-c", "import catflap_probe.probe as p; print(p.__file__)"]
    done = subprocess.run(words, env={"PYTHONPATH": str(tmp_path)}, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == str(tmp_path / "catflap_probe/probe.py")


@pytest.mark.skipif(shutil.which("arm-none-eabi-gcc") is None, reason="no arm-none-eabi-gcc")
def test_boards_have_digests_of_their_own() -> None:
    assert build.input_hash("RPI_PICO") == build.input_hash("RPI_PICO")
    assert build.input_hash("RPI_PICO") != build.input_hash("RPI_PICO2")


def test_an_unknown_board_is_named(tmp_path: Path) -> None:
    with pytest.raises(build.BuildError, match="RPI_PICO2"):
        build.build("PICO_3", tmp_path)


def test_missing_compilers_are_named_by_their_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(build.ToolsMissing, match=r"apt-get install .*cmake.*gcc-arm-none-eabi.*libnewlib-arm-none-eabi"):
        build.require_tools()


def test_an_image_that_cannot_be_made_is_told_from_a_machine_that_cannot_make_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for fault, status in ((build.ToolsMissing("no gcc"), 2), (build.BuildError("syntax error"), 1)):

        def refuse(*_: object, fault: Exception = fault) -> None:
            raise fault

        monkeypatch.setattr("catflap_image.__main__.build", refuse)
        assert main(["RPI_PICO"]) == status
