"""Runs on MicroPython: `bundle_on_board.py BUNDLE` reads rows of features and prints label, score and logits of each."""

# mypy: ignore-errors
import sys
from array import array

from catflap_probe.verdict.bundle import load
from catflap_probe.verdict.int8 import Classifier

bundle = load(sys.argv[1], Classifier)
for line in sys.stdin:
    label, score = bundle.classify(array("h", [int(value) for value in line.split(",")]))
    print(label, score, *bundle.classifier.logits)
