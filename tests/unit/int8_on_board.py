"""Runs on MicroPython: `int8_on_board.py MODEL INPUTS LOGITS` reads rows of int8 inputs and writes their logits."""

# mypy: ignore-errors
# ruff: noqa: PTH123 - MicroPython has no pathlib
import sys

import micropython

from catflap_probe.verdict import int8, kernel_viper

assert int8.dense is kernel_viper.dense, "the machine code is not in use"
with open(sys.argv[1], "rb") as file:
    classifier = int8.Classifier(file.read())
width = len(classifier.inputs)
with open(sys.argv[2], "rb") as given, open(sys.argv[3], "wb") as found:
    while True:
        row = given.read(width)
        if not row:
            break
        for index in range(width):
            value = row[index]
            classifier.inputs[index] = value - 256 if value > 127 else value
        # MemoryError if a run allocates
        micropython.heap_lock()
        classifier.run()
        micropython.heap_unlock()
        found.write(classifier.logits)
