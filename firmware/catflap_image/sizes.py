"""What the firmware takes of the flash, and what each module takes as an .mpy file of four kinds of chip."""

import json
import subprocess
from pathlib import Path

ARCHITECTURES = ("armv6m", "armv7emsp", "xtensawin", "rv32imc")
GROWTH_PERCENT = 2

Sizes = dict[str, dict[str, int]]


def of_image(elf: Path, frozen: Path) -> dict[str, int]:
    """Bytes of an image: flash (code and constants), ram (data and bss); frozen: what frozen modules and their data take of it."""
    flash, data, bss = _totals(elf)
    text, frozen_data, _ = _totals(frozen)
    return {"flash": flash + data, "ram": data + bss, "frozen": text + frozen_data}


def of_modules(mpy_cross: Path, modules: dict[str, Path], into: Path) -> Sizes:
    """Bytes of all modules together as .mpy files, by architecture; `modules` gives the file of each name."""
    into.mkdir(parents=True, exist_ok=True)
    sizes: Sizes = {}
    for architecture in ARCHITECTURES:
        total = 0
        for name, path in sorted(modules.items()):
            out = into / "module.mpy"
            words = [str(mpy_cross), f"-march={architecture}", "-s", name, "-o", str(out), str(path)]
            subprocess.run(words, check=True)  # noqa: S603 - our own words
            total += out.stat().st_size
        sizes[architecture] = {"mpy": total}
    return sizes


def growth(sizes: Sizes, kept: Sizes) -> list[str]:
    """A line for every figure that is more than GROWTH_PERCENT above the one kept."""
    lines = []
    for place, figures in sizes.items():
        for name, size in figures.items():
            before = kept.get(place, {}).get(name)
            if before is not None and size * 100 > before * (100 + GROWTH_PERCENT):
                lines.append(f"{place} {name}: {before} -> {size} bytes, {100 * (size - before) / before:+.1f} %")
    return lines


def table(sizes: Sizes) -> str:
    """The figures as text."""
    lines = [f"{place:12}" + "".join(f"  {name} {size:>7,}" for name, size in figures.items()) for place, figures in sizes.items()]
    return "\n".join(lines)


def update(path: Path, sizes: Sizes) -> Sizes:
    """Writes the figures into a JSON file beside those of other boards; returns all of them."""
    kept: Sizes = json.loads(path.read_text()) if path.exists() else {}
    kept.update(sizes)
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")
    return kept


def _totals(path: Path) -> tuple[int, int, int]:
    """(text with rodata, data, bss) of an ELF file."""
    words = ["arm-none-eabi-size", str(path)]
    output = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words
    text, data, bss = output.splitlines()[1].split()[:3]
    return int(text), int(data), int(bss)
