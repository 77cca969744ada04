"""`python -m catflap_models.numbering --out FILE [--frozen FILE]`: writes the probe's number table."""

import argparse
from pathlib import Path

import phonenumbers

from catflap_models.numbering import china
from catflap_models.numbering.compile import compiled


def main() -> None:
    """Writes, and says what it was made of."""
    parser = argparse.ArgumentParser(prog="python -m catflap_models.numbering")
    parser.add_argument("--out", type=Path, required=True, help="the table, read as a file")
    parser.add_argument("--frozen", type=Path, help="the same as a module for a board's firmware: catflap_probe/verdict/_numbers_frozen.py")
    args = parser.parse_args()
    table = compiled()
    args.out.write_bytes(table)
    if args.frozen:
        args.frozen.write_text(frozen(table), encoding="ascii")
    print(f"numbers: {len(table)} bytes from phonenumbers {phonenumbers.__version__} and China of {china.DATED}")


def frozen(table: bytes) -> str:
    """The source of a module that holds the table as one bytes object, which MicroPython leaves in flash when the module is frozen."""
    return f'"""The compiled numbering plans (number_layout.py), made by `make numbers`."""\n\nTABLE = {table!r}\n'


if __name__ == "__main__":
    main()
