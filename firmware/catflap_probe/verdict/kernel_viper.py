"""The inner loops of the int8 interpreter for MicroPython: machine code made by its viper emitter. Twin of kernel_plain.py.

Every byte here is an int8 plus 128, since viper reads bytes without a sign. `rows` holds the counts of inputs and outputs,
the output's zero point and floor (both plus 128), then four words an output: constant plus 2**30 - 1, multiplier, left shift,
right shift; none is negative, since a 64-bit viper reads words without a sign too. All sums stay within 32 bits.
"""

# mypy: ignore-errors
# ruff: noqa: F821, RUF046 - names and casts of the viper emitter
import micropython


@micropython.viper
def dense(inputs: ptr8, weights: ptr8, rows: ptr32, outputs: ptr8):
    """Computes one layer, each output rounded once, half up."""
    columns = int(rows[0])
    count = int(rows[1])
    zero = int(rows[2])
    floor = int(rows[3])
    total = 0
    for i in range(columns):
        total += inputs[i]
    total <<= 7
    eights = columns >> 3
    rest = columns & 7
    weight = weights
    row = ptr32(int(rows) + 16)
    for k in range(count):
        acc = int(row[0]) - 0x3FFFFFFF - total
        value = inputs
        for _ in range(eights):
            acc += (
                value[0] * weight[0]
                + value[1] * weight[1]
                + value[2] * weight[2]
                + value[3] * weight[3]
                + value[4] * weight[4]
                + value[5] * weight[5]
                + value[6] * weight[6]
                + value[7] * weight[7]
            )
            value = ptr8(int(value) + 8)
            weight = ptr8(int(weight) + 8)
        for i in range(rest):
            acc += value[i] * weight[i]
        weight = ptr8(int(weight) + rest)
        acc <<= int(row[2])
        # acc * multiplier in 62 bits: `high` is the product over 2**30
        high = acc >> 15
        low = acc & 0x7FFF
        multiplier_high = int(row[1]) >> 15
        multiplier_low = int(row[1]) & 0x7FFF
        middle = low * multiplier_high + (low * multiplier_low >> 15)
        carry = high * multiplier_low + (middle & 0x7FFF)
        high = high * multiplier_high + (middle >> 15) + (carry >> 15)
        right = int(row[3])
        result = ((high + (1 << (right - 1))) >> right) + zero
        if result < floor:
            result = floor
        elif result > 255:
            result = 255
        outputs[k] = result
        row = ptr32(int(row) + 16)


@micropython.viper
def copy(source: ptr8, target, offset: int):
    """Fills `target` with the bytes of `source` plus `offset`: 128 from int8 to the form used here, -128 back."""
    into = ptr8(target)
    for i in range(int(len(target))):
        into[i] = source[i] + offset
