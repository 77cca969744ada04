"""What is frozen into an image: modules, and files as modules of bytes constants, which stay in flash and are read in place."""

from pathlib import Path

LINE_BYTES = 32


def write_module(path: Path, about: str, constants: dict[str, bytes]) -> None:
    """Writes a module with those constants; `about` is its docstring."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f'"""{about}"""', ""]
    for name, content in constants.items():
        lines.append(f"{name} = (")
        lines += [f"    {content[at : at + LINE_BYTES]!r}" for at in range(0, len(content), LINE_BYTES)]
        lines.append(")")
    path.write_text("\n".join(lines) + "\n")


def write_data(into: Path, bundle: Path, numbers: Path) -> None:
    """The released bundle and, where there is one, the table of numbering plans, under the names that their readers import."""
    verdict = into / "catflap_probe/verdict"
    constants = {"ABOUT": (bundle / "bundle.json").read_bytes(), "MODEL": (bundle / "model.tflite").read_bytes()}
    write_module(verdict / "_bundle_frozen.py", "The released model bundle.", constants)
    if numbers.exists():
        write_module(verdict / "_numbers_frozen.py", "The compiled numbering plans.", {"TABLE": numbers.read_bytes()})


def write_manifest(path: Path, firmware: Path, modules: list[str], main: str, data: Path) -> None:
    """The list of what is frozen, in MicroPython's manifest language: its own asyncio and boot, our modules and `data`.

    `main` becomes main.py, which runs at power-on; what is in lib/ is imported without that name.
    """
    lines = ['include("$(MPY_DIR)/extmod/asyncio")', 'freeze("$(PORT_DIR)/modules", ("_boot.py", "rp2.py"))', f'freeze("{data}")']
    for name in modules:
        folder, _, rest = name.partition("/")
        if name == main:
            lines.append(f'freeze("{(firmware / name).parent}", "main.py")')
        elif folder == "lib":
            lines.append(f'freeze("{firmware}/lib", "{rest}")')
        else:
            lines.append(f'freeze("{firmware}", "{name}")')
    path.write_text("\n".join(lines) + "\n")
