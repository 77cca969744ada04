"""Reads a .tflite file: a chain of int8 FULLY_CONNECTED layers, with integers alone (a board's floats have 24 bits)."""

from array import array

# Numbers of the TensorFlow Lite schema, version 3
_INT32 = 2
_INT8 = 9
_FULLY_CONNECTED = 9
_FULLY_CONNECTED_OPTIONS = 8
_RELU = 1


class ModelError(ValueError):
    """The file is damaged, or is not a model of the kind that a probe runs; the text says what and where."""


class Layer:
    """One dense layer: `out[k] = clamp(output_zero + round(acc[k] * multiplier * 2**(shift - 31)), floor, 127)`."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        weights: "array[int]",
        bias: "array[int]",
        scales: "list[tuple[int, int]]",
        input_zero: int,
        output_zero: int,
        floor: int,
    ) -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.weights = weights  # array('b'), one row an output
        self.bias = bias  # array('i'), in units of the accumulator
        self.scales = scales  # (multiplier, shift), one an output; multiplier 2**30 ... 2**31 - 1
        self.input_zero = input_zero
        self.output_zero = output_zero
        self.floor = floor  # the least output: -128, or the output's zero under RELU


def read(data: bytes) -> "list[Layer]":
    """The layers of the model in `data` (bytes), first to last; ModelError when damaged or of another kind."""
    if len(data) < 8 or bytes(data[4:8]) != b"TFL3":
        raise ModelError("no TFL3 mark at byte 4: this is not a .tflite file")
    model = _Table(data, _u32(data, 0))
    if model.integer(0, 4) != 3:
        raise ModelError("schema version %d, expected 3" % model.integer(0, 4))
    graphs = model.tables(2)
    if len(graphs) != 1:
        raise ModelError("%d subgraphs, expected 1" % len(graphs))
    tensors = [_Tensor(table) for table in graphs[0].tables(0)]
    buffers = model.tables(4)
    codes = [max(code.integer(0, 1), code.integer(3, 4)) for code in model.tables(1)]
    flowing = _only(graphs[0].integers(1), "graph inputs", tensors)
    layers = []
    for number, operator in enumerate(graphs[0].tables(3)):
        where = "operator %d" % number
        code = operator.integer(0, 4)
        if not 0 <= code < len(codes) or codes[code] != _FULLY_CONNECTED:
            raise ModelError("%s is not FULLY_CONNECTED, the only one that a probe runs" % where)
        if operator.integers(1)[:1] != [flowing]:
            raise ModelError("%s does not take what the one before it gives: only a chain is supported" % where)
        result = _only(operator.integers(2), where + " outputs", tensors)
        layers.append(_layer(where, operator, tensors, buffers, result))
        flowing = result
    if not layers or graphs[0].integers(2) != [flowing]:
        raise ModelError("the graph's output is not that of its last operator")
    return layers


def effective_scale(input_bits: int, weight_bits: int, output_bits: int, per_channel: bool) -> "tuple[int, int]":
    """(multiplier, shift) of the float32 bit patterns of three scales, rounded as LiteRT rounds its doubles."""
    a, a_exponent = _float32(input_bits)
    b, b_exponent = _float32(weight_bits)
    c, c_exponent = _float32(output_bits)
    product = a * b
    exponent = a_exponent + b_exponent - c_exponent
    if not per_channel:
        # LiteRT multiplies two scales of a whole tensor as floats, and those of a channel as doubles
        product, dropped = _round_even(product, 1, 24)
        exponent += dropped
    quotient, dropped = _round_even(product, c, 53)
    exponent += dropped + 53
    multiplier = (quotient + (1 << 21)) >> 22
    if multiplier == 1 << 31:
        return 1 << 30, exponent + 1
    return multiplier, exponent


def _layer(where: str, operator: "_Table", tensors: "list[_Tensor]", buffers: "list[_Table]", result: int) -> Layer:
    inputs = operator.integers(1)
    if not 2 <= len(inputs) <= 3 or not all(-1 <= i < len(tensors) for i in inputs) or min(inputs[:2]) < 0:
        raise ModelError("%s: inputs %s do not name an input, weights and perhaps a bias" % (where, inputs))
    source, weights, output = tensors[inputs[0]], tensors[inputs[1]], tensors[result]
    for name, tensor in (("input", source), ("weights", weights), ("output", output)):
        if tensor.kind != _INT8:
            raise ModelError("%s: the %s is of type %d, expected int8 (9)" % (where, name, tensor.kind))
    if len(weights.shape) != 2 or min(weights.shape) < 1:
        raise ModelError("%s: weights of shape %s, expected two dimensions" % (where, weights.shape))
    rows, columns = weights.shape
    for name, tensor, width in (("input", source, columns), ("output", output, rows)):
        if tensor.shape != [1, width]:
            raise ModelError("%s: %s of shape %s, expected [1, %d]" % (where, name, tensor.shape, width))
        if len(tensor.scales) != 1 or len(tensor.zeros) != 1 or not -128 <= tensor.zeros[0] <= 127:
            raise ModelError("%s: %s needs one scale and one zero point within int8" % (where, name))
    per_channel = len(weights.scales) > 1
    if len(weights.scales) not in (1, rows) or any(weights.zeros) or (per_channel and weights.dimension != 0):
        raise ModelError("%s: weights need one scale, or one a row, and zero point 0" % where)
    scales = [effective_scale(source.scales[0], bits, output.scales[0], per_channel) for bits in weights.scales]
    if not per_channel:
        scales = scales * rows
    floor = -128
    activation = _activation(where, operator)
    if activation == _RELU:
        floor = output.zeros[0]
    elif activation:
        raise ModelError("%s: fused activation %d, expected none (0) or RELU (1)" % (where, activation))
    bias = array("i", [0] * rows)
    if len(inputs) == 3 and inputs[2] >= 0:
        tensor = tensors[inputs[2]]
        if tensor.kind != _INT32 or tensor.shape != [rows]:
            raise ModelError("%s: bias of type %d and shape %s, expected int32 (2) and [%d]" % (where, tensor.kind, tensor.shape, rows))
        bias = array("i", _content(where + " bias", tensor, buffers, 4 * rows))
    return Layer(
        columns,
        rows,
        array("b", _content(where + " weights", weights, buffers, rows * columns)),
        bias,
        scales,
        source.zeros[0],
        output.zeros[0],
        floor,
    )


def _activation(where: str, operator: "_Table") -> int:
    if operator.integer(3, 1) != _FULLY_CONNECTED_OPTIONS:
        raise ModelError("%s has no FullyConnectedOptions" % where)
    options = operator.table(4)
    if options.integer(1, 1):
        raise ModelError("%s: shuffled weights are not supported" % where)
    return options.integer(0, 1)


def _content(where: str, tensor: "_Tensor", buffers: "list[_Table]", size: int) -> bytes:
    if not 0 <= tensor.buffer < len(buffers):
        raise ModelError("%s: no buffer %d" % (where, tensor.buffer))
    start, count = buffers[tensor.buffer].vector(0, 1)
    if count != size:
        raise ModelError("%s: %d bytes, expected %d" % (where, count, size))
    return bytes(buffers[tensor.buffer].data[start : start + count])


def _only(indices: "list[int]", where: str, tensors: "list[_Tensor]") -> int:
    if len(indices) != 1 or not 0 <= indices[0] < len(tensors):
        raise ModelError("%s are tensors %s, expected one of %d" % (where, indices, len(tensors)))
    return indices[0]


def _float32(bits: int) -> "tuple[int, int]":
    exponent = bits >> 23
    if not 0 < exponent < 255:
        raise ModelError("a scale has the float32 bits 0x%08x, expected a normal number above 0" % bits)
    return bits & 0x7FFFFF | 0x800000, exponent - 150


def _round_even(numerator: int, denominator: int, bits: int) -> "tuple[int, int]":
    """(q, e) with q of `bits` bits and q * 2**e nearest to the fraction, ties to even."""
    exponent = _bit_length(numerator) - _bit_length(denominator) - bits
    while True:
        up = max(-exponent, 0)
        down = max(exponent, 0)
        divisor = denominator << down
        quotient = (numerator << up) // divisor
        if quotient < 1 << bits:
            break
        exponent += 1
    rest = 2 * ((numerator << up) - quotient * divisor)
    if rest > divisor or (rest == divisor and quotient & 1):
        quotient += 1
    if quotient == 1 << bits:
        return quotient >> 1, exponent + 1
    return quotient, exponent


def _bit_length(value: int) -> int:
    # MicroPython's int has no bit_length
    length = 0
    while value:
        value >>= 1
        length += 1
    return length


def _u32(data: bytes, at: int) -> int:
    if not 0 <= at <= len(data) - 4:
        raise ModelError("damaged: byte %d is asked for, the file has %d" % (at, len(data)))
    return data[at] | data[at + 1] << 8 | data[at + 2] << 16 | data[at + 3] << 24


def _signed(data: bytes, at: int, size: int) -> int:
    if not 0 <= at <= len(data) - size:
        raise ModelError("damaged: byte %d is asked for, the file has %d" % (at, len(data)))
    value = 0
    for i in range(size):
        value |= data[at + i] << 8 * i
    return value - (1 << 8 * size) if data[at + size - 1] & 0x80 else value


class _Table:
    """A flatbuffers table: a vtable of 16-bit offsets, found from the table's first word, then the fields."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at
        self.vtable = at - _signed(data, at, 4)
        self.vtable_size = _signed(data, self.vtable, 2)

    def field(self, number: int) -> int:
        """The field's place in the file, or 0 where it is left out."""
        entry = 4 + 2 * number
        if entry + 2 > self.vtable_size:
            return 0
        offset = _signed(self.data, self.vtable + entry, 2)
        return self.at + offset if offset else 0

    def integer(self, number: int, size: int) -> int:
        """A signed integer field of `size` bytes, 0 where it is left out."""
        at = self.field(number)
        return _signed(self.data, at, size) if at else 0

    def table(self, number: int) -> "_Table":
        """A field that is a table; ModelError where it is left out."""
        at = self.field(number)
        if not at:
            raise ModelError("damaged: the table at byte %d lacks its field %d" % (self.at, number))
        return _Table(self.data, at + _u32(self.data, at))

    def vector(self, number: int, size: int) -> "tuple[int, int]":
        """(place of the first element, count) of a vector field, (0, 0) where it is left out."""
        at = self.field(number)
        if not at:
            return 0, 0
        at += _u32(self.data, at)
        count = _u32(self.data, at)
        if at + 4 + count * size > len(self.data):
            raise ModelError("damaged: a list of %d at byte %d runs past the end of the file" % (count, at))
        return at + 4, count

    def integers(self, number: int, size: int = 4) -> "list[int]":
        """A vector field of signed integers of `size` bytes."""
        at, count = self.vector(number, size)
        return [_signed(self.data, at + size * i, size) for i in range(count)]

    def tables(self, number: int) -> "list[_Table]":
        """A vector field of tables."""
        at, count = self.vector(number, 4)
        return [_Table(self.data, at + 4 * i + _u32(self.data, at + 4 * i)) for i in range(count)]


class _Tensor:
    """Shape, type, buffer and quantisation of a tensor; scales as float32 bit patterns."""

    def __init__(self, table: _Table) -> None:
        self.shape = table.integers(0)
        self.kind = table.integer(1, 1)
        self.buffer = table.integer(2, 4)
        self.scales: list[int] = []
        self.zeros: list[int] = []
        self.dimension = 0
        if table.field(4):
            quantization = table.table(4)
            self.scales = [bits & 0xFFFFFFFF for bits in quantization.integers(2)]
            self.zeros = quantization.integers(3, 8)
            self.dimension = quantization.integer(6, 4)
