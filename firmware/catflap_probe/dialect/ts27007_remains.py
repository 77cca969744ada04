"""What is left of a cellular modem's lines after noise and lost bytes."""

LOST_RING = b"+CRING:VOICE"
LOST_CLIP = b"+CLIP:"
LOST_CCWA = b"+CCWA:"

_INSIDE = (b"+CLIP:", b"+CRING:", b"+CLCC:", b"+CCWA:", b"^CEND:", b"^CONN:", b"VOICE CALL:", b"NO CARRIER")


def trimmed(text: bytes) -> bytes:
    """A line without the noise and blanks at its ends."""
    first, end = 0, len(text)
    while first < end and not 32 < text[first] < 127:
        first += 1
    while end > first and not 32 < text[end - 1] < 127:
        end -= 1
    return text[first:end]


def letters_of(whole: bytes, text: bytes) -> int:
    """How many characters of `whole` are left, in order, in a text that holds nothing else; 0 for any other text."""
    place = 0
    for letter in whole:
        if place < len(text) and text[place] == letter:
            place += 1
    return place if place == len(text) else 0


def place_inside(text: bytes) -> int:
    """Where a line of its own begins behind noise, or behind one that lost its end; 0 if none does."""
    for head in _INSIDE:
        place = text.find(head)
        if place > 0:
            return place
    return 0


def is_rest_of_clip(text: bytes) -> bool:
    """Whether three characters of +CLIP: are left, and four digits behind them."""
    digits = head = 0
    for place, byte in enumerate(text):
        if 48 <= byte <= 57:
            digits += 1
        if not head and (byte == 34 or 48 <= byte <= 57):
            head = place
    return digits >= 4 and letters_of(LOST_CLIP, text[:head].rstrip(b" +")) >= 3


def is_rest_of_ccwa(text: bytes) -> bool:
    """Whether three characters of +CCWA: are left, W or A among them, which +CLIP: has not got, and four digits behind them."""
    digits = head = 0
    for place, byte in enumerate(text):
        if 48 <= byte <= 57:
            digits += 1
        if not head and (byte == 34 or 48 <= byte <= 57):
            head = place
    start = text[:head].rstrip(b" +")
    return digits >= 4 and (b"W" in start or b"A" in start) and letters_of(LOST_CCWA, start) >= 3


def is_letter(text: bytes) -> bool:
    """Whether a text is one letter."""
    return len(text) == 1 and (65 <= text[0] <= 90 or 97 <= text[0] <= 122)


def is_rest_of_header(text: bytes) -> bool:
    """Whether three characters of +CMT: or +CMGR: are left before a quote: a message follows."""
    head = text.split(b'"')[0].rstrip()
    return len(head) < len(text) and (letters_of(b"+CMT:", head) >= 3 or letters_of(b"+CMGR:", head) >= 3)
