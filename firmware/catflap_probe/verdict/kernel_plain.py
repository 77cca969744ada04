"""The inner loops of the int8 interpreter in plain Python, for CPython and for a MicroPython without machine code.

Twin of kernel_viper.py, which says what the arguments hold: the same bytes come out.
"""

from array import array


def dense(inputs: bytearray, weights: bytearray, rows: "array[int]", outputs: bytearray) -> None:
    """Computes one layer, each output rounded once, half up."""
    columns = rows[0]
    zero = rows[2]
    floor = rows[3]
    total = sum(inputs[:columns]) << 7
    for k in range(rows[1]):
        constant, multiplier, left, right = rows[4 + 4 * k : 8 + 4 * k]
        start = k * columns
        acc = constant - 0x3FFFFFFF - total
        for i in range(columns):
            acc += inputs[i] * weights[start + i]
        result = (((acc << left) * multiplier + (1 << (right + 29))) >> (right + 30)) + zero
        outputs[k] = min(max(result, floor), 255)


def copy(source: "bytearray | array[int]", target: "bytearray | array[int]", offset: int) -> None:
    """Fills `target` with the bytes of `source` plus `offset`: 128 from int8 to the form used here, -128 back."""
    for i in range(len(target)):
        target[i] = source[i] + offset
