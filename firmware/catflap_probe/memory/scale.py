"""The logarithm, in whole eighths of an octave, that counts and times are kept and compared in."""

MOST = 255


def log8(value: int) -> int:
    """8 x log2(value) + 8 in steps of an eighth octave, 0 for nothing: 1 -> 8, 2 -> 16, 60 -> 55, a day -> 138; at most MOST."""
    if value < 8:
        return (0, 8, 16, 20, 24, 26, 28, 30)[value] if value > 0 else 0
    octaves = 32
    while value >= 16:
        value >>= 1
        octaves += 8
    scaled = octaves + value - 8
    return scaled if scaled < MOST else MOST
