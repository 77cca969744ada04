"""03: the released model on the chip: how long it takes, how big it is, and that it says what it says elsewhere."""

import json

from catflap_host.bundles import released_bundle
from catflap_models.court.figures import Figure
from tests.hil.board import Board
from tests.hil.conftest import Record
from tests.hil.golden import golden_rows
from tests.hil.repl import Repl

BAR_MS = 2.5
BAR_KB = 8.0
SCRIPT = """
import gc, time
from catflap_probe.verdict.int8 import Classifier
gc.collect()
before = gc.mem_alloc()
t = time.ticks_us()
with open("/model.tflite", "rb") as file:
    classifier = Classifier(file.read())
loaded_us = time.ticks_diff(time.ticks_us(), t)
gc.collect()
used = gc.mem_alloc() - before
with open("/inputs", "rb") as file:
    inputs = file.read()
width = len(classifier.inputs)
longest = total = 0
for at in range(0, len(inputs), width):
    for k in range(width):
        value = inputs[at + k]
        classifier.inputs[k] = value - 256 if value > 127 else value
    t = time.ticks_us()
    classifier.run()
    t = time.ticks_diff(time.ticks_us(), t)
    total += t
    longest = max(longest, t)
    print(bytes(classifier.logits).hex())
print("[%d,%d,%d,%d]" % (total, longest, loaded_us, used))
"""


def test_the_model_runs_in_time_and_gives_the_golden_logits(board: Board, record: Record) -> None:
    model = (released_bundle() / "model.tflite").read_bytes()
    inputs, logits = golden_rows()
    board.put({"/model.tflite": model, "/inputs": b"".join(inputs)})
    board.power()
    board.run(1_000_000)
    *found, times = Repl(board).run(SCRIPT, 60_000_000).split()
    total_us, longest_us, loaded_us, used = json.loads(times)
    assert [bytes.fromhex(line) for line in found] == logits
    how = f"{len(inputs)} golden rows, mean; the longest {longest_us / 1000:g} ms"
    record(Figure("inference.time", round(total_us / len(inputs) / 1000, 3), "ms", BAR_MS, "lower", how))
    record(Figure("inference.file", len(model) / 1000, "kB", BAR_KB, "lower", "the released model.tflite"))
    record(Figure("inference.load", round(loaded_us / 1000, 1), "ms", None, "lower", "file to classifier, once at boot"))
    record(Figure("inference.heap", used / 1000, "kB", None, "lower", "what the classifier keeps on the heap"))
