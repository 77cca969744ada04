"""Whether two numbers that a line showed may be one that lost digits on the wire."""


def are_alike(one: str, other: str, lost: int) -> bool:
    """True if two numbers may be one that lost digits on the wire: it has at most `lost` digits more than the longer of them.

    Both are subsequences of that number then, and have so many digits in common, in order, as their lengths together pass its own.
    """
    longer = len(one) if len(one) > len(other) else len(other)
    row = [0] * (len(other) + 1)
    for digit in one:
        diagonal = 0
        for place in range(len(other)):
            above = row[place + 1]
            if digit == other[place]:
                row[place + 1] = diagonal + 1
            elif row[place] > above:
                row[place + 1] = row[place]
            diagonal = above
    return row[len(other)] >= len(one) + len(other) - longer - lost
