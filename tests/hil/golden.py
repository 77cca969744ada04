"""The released bundle's golden rows as bytes."""

import csv

from catflap_host.bundles import released_bundle


def golden_rows() -> tuple[list[bytes], list[bytes]]:
    """(int8 inputs, int8 logits), a row each."""
    inputs, logits = [], []
    with (released_bundle() / "golden.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            inputs.append(bytes(int(value) & 0xFF for name, value in row.items() if name.startswith("input.")))
            logits.append(bytes(int(value) & 0xFF for name, value in row.items() if name.startswith("logit.")))
    return inputs, logits
