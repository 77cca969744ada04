"""09: the int8 interpreter alone on qemu's Cortex-M0 and Cortex-M3: the golden vectors, as machine code and as bytecode."""

import pytest

from tests.hil.golden import golden_rows
from tests.hil.prepare import MissingError
from tests.hil.qemu import CORTEX_M0, CORTEX_M3, Machine, run_script

SCRIPT = """
from binascii import hexlify, unhexlify
from catflap_probe.verdict import int8, kernel_{kernel} as kernel
from catflap_probe.verdict._bundle_frozen import MODEL
int8.copy, int8.dense = kernel.copy, kernel.dense
classifier = int8.Classifier(MODEL)
for row in (
{rows}
):
    for k, value in enumerate(unhexlify(row)):
        classifier.inputs[k] = value - 256 if value > 127 else value
    classifier.run()
    print(hexlify(bytes(classifier.logits)).decode())
"""
ROWS_PLAIN = 10


@pytest.mark.parametrize("kernel", ["viper", "plain"])
@pytest.mark.parametrize("machine", [CORTEX_M0, CORTEX_M3], ids=["cortex-m0", "cortex-m3"])
def test_golden_vectors_are_equal(machine: Machine, kernel: str) -> None:
    inputs, logits = golden_rows()
    if kernel == "plain":
        inputs, logits = inputs[:ROWS_PLAIN], logits[:ROWS_PLAIN]
    rows = "\n".join(f'    "{row.hex()}",' for row in inputs)
    try:
        printed = run_script(machine, SCRIPT.format(kernel=kernel, rows=rows))
    except MissingError as reason:
        pytest.skip(str(reason))
    assert [bytes.fromhex(line) for line in printed.split()] == logits
