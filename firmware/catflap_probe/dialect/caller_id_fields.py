"""Takes a caller-ID line apart into its fields, whatever the maker calls them and however many stand on one line.

As modems write them:

    NMBR = 7632280000 | DDN_NMBR= 9932562 | NBR=0123456789 | DATE TIME=01/06 14:15 | NAME=ARCHER L       NMBR=5071234567
    CALLER NUMBER: 5551212 | FM:0765628300 TO:8673300 | CallerID: 4951234567 | Diverting number: 5551212
    ###DATE06182106...NMBR7045551212...NAMESPAULDING TIMOT+++
"""

NUMBER_FIELD = 1
DIALABLE_FIELD = 2  # the caller's number as it can be dialled back, or the called line: the word of a modem that does not know
NAME_FIELD = 3
CALLED_FIELD = 4
NO_NUMBER_FIELD = 5  # why there is no number
MESSAGE_FIELD = 6  # MDMF parameters in hex
STAMP_FIELD = 7  # date and time of the call
OTHER_FIELD = 8  # belongs to a caller-ID block, and says nothing that is asked for
BURST_FIELD = 9  # of a distinctive ring
PAUSE_FIELD = 10
WAITING_TONE_FIELD = 11
CLIP_FIELD = 12  # +CLIP: "number",type ... of a cellular modem read as an analogue one (TS 27.007 clause 7.11)

_KEYS = (
    (b"REASON FOR NO CALLER NUMBER", NO_NUMBER_FIELD),
    (b"REASON FOR NO CALLER NAME", OTHER_FIELD),
    (b"CALLING PARTY NUMBER", NUMBER_FIELD),
    (b"REDIRECTING NUMBER", OTHER_FIELD),
    (b"DIVERTING NUMBER", OTHER_FIELD),
    (b"REASON NO NUMBER", NO_NUMBER_FIELD),
    (b"CALLER'S NUMBER", NUMBER_FIELD),
    (b"REASON NO NMBR", NO_NUMBER_FIELD),
    (b"REASON NO NAME", OTHER_FIELD),
    (b"CALLING NUMBER", NUMBER_FIELD),
    (b"CALLBACK NMBR", DIALABLE_FIELD),
    (b"CALLER'S NAME", NAME_FIELD),
    (b"CALLER NUMBER", NUMBER_FIELD),
    (b"CALLED NUMBER", CALLED_FIELD),
    (b"PHONE NUMBER", NUMBER_FIELD),
    (b"CALLER NAME", NAME_FIELD),
    (b"LOOKUP NAME", OTHER_FIELD),
    (b"CALLER ID", NUMBER_FIELD),
    (b"DATE TIME", STAMP_FIELD),
    (b"DDN_NMBR", DIALABLE_FIELD),
    (b"DDN NMBR", DIALABLE_FIELD),
    (b"CALLERID", NUMBER_FIELD),
    (b"REDIRECT", OTHER_FIELD),
    (b"+CLIP", CLIP_FIELD),
    (b"NUMBER", NUMBER_FIELD),
    (b"PHONE", NUMBER_FIELD),
    (b"NMBR", NUMBER_FIELD),
    (b"NAME", NAME_FIELD),
    (b"MESG", MESSAGE_FIELD),
    (b"DATE", STAMP_FIELD),
    (b"TIME", STAMP_FIELD),
    (b"QUAL", OTHER_FIELD),
    (b"NDID", CALLED_FIELD),
    (b"ERRM", OTHER_FIELD),
    (b"DRON", BURST_FIELD),
    (b"DROF", PAUSE_FIELD),
    (b"CWON", WAITING_TONE_FIELD),
    (b"CWOF", WAITING_TONE_FIELD),
    (b"DDN", DIALABLE_FIELD),
    (b"NBR", NUMBER_FIELD),
    (b"CID", NUMBER_FIELD),
    (b"DID", CALLED_FIELD),
    (b"FM", NUMBER_FIELD),
    (b"TO", CALLED_FIELD),
)
"""Names of fields in capitals, none before a longer one that ends in it."""

_GLUED = (b"DDN_NMBR", b"NMBR", b"NAME", b"DATE TIME", b"DATE", b"TIME", b"MESG")
"""Found behind anything that precedes them, a value or noise, where an = follows."""

_BEFORE_COLON = (b"FM", b"TO", b"DID")
"""Too short to mean anything before an =."""

_SURE_DIGITS = 7
"""A name that lost a letter or its = is believed with a value of so many digits and nothing else."""


def fields_of(line: bytes) -> "list[tuple[int, bytes]]":
    """The (kind, value) pairs of a line, in their order; empty if it has none."""
    upper = line.upper()
    found = []
    kind = 0
    value_at = 0
    at = _separator(line, 0)
    while at >= 0:
        name_at, next_kind = _name_before(upper, value_at, at, line[at] == 61)
        if next_kind:
            if kind:
                found.append((kind, line[value_at:name_at].strip()))
            kind = next_kind
            value_at = at + 1
        at = _separator(line, at + 1)
    if kind:
        found.append((kind, line[value_at:].strip()))
        return found
    return _damaged_number(line, upper)


def are_caller_id(found: "list[tuple[int, bytes]]", line: bytes, is_answer: bool) -> bool:
    """Whether fields belong to a caller ID though it does not ring; `is_answer`: a question is open, and modems have names, too."""
    has_equals = b"=" in line or line[:1] == b"#"
    for kind, _ in found:
        if kind not in (NAME_FIELD, STAMP_FIELD, OTHER_FIELD):
            return has_equals or not is_answer
    return has_equals and not is_answer


def box_fields(line: bytes) -> "list[tuple[int, bytes]]":
    """The fields of a NetCallerID box's line; empty for any other line, and for the state of its message lamp."""
    if line[:3] != b"###" or b"CALLOUT" in line:
        return []
    found = []
    says_something = False
    for piece in line[3:].rstrip(b"+").split(b"..."):
        name, value = piece[:4].upper(), piece[4:].strip()
        says_something = says_something or (name in (b"DATE", b"NMBR") and any(48 <= byte <= 57 for byte in value))
        if name == b"NMBR":
            found.append((NUMBER_FIELD, value))
        elif name == b"NAME":
            found.append((NAME_FIELD, value.strip(b"-")))
        elif name == b"DATE":
            found.append((STAMP_FIELD, value))
    # neither moment nor number: it tells of its lamp (###DATE...NMBR...NAME-MSG OFF-+++)
    return found if says_something else []


def _separator(line: bytes, begin: int) -> int:
    """The place of the next = or :, or -1."""
    equals, colon = line.find(b"=", begin), line.find(b":", begin)
    return equals if colon < 0 or 0 <= equals < colon else colon


def _name_before(upper: bytes, begin: int, at: int, is_equals: bool) -> "tuple[int, int]":
    """Where the name of a field begins that ends before place `at`, and its kind; kind 0 if none does.

    A name stands at the line's beginning or behind a blank; those in _GLUED anywhere.
    """
    end = at
    while end > begin and upper[end - 1] in b" \t":
        end -= 1
    if end == begin:
        return 0, 0
    last = upper[end - 1]
    for name, kind in _KEYS:
        if name[-1] != last:
            continue
        name_at = end - len(name)
        if name_at < begin or upper[name_at:end] != name or (is_equals and name in _BEFORE_COLON):
            continue
        if name_at == 0 or (is_equals and name in _GLUED) or (begin > 0 and (name_at == begin or upper[name_at - 1] in b" \t")):
            return name_at, kind
    return 0, 0


def _damaged_number(line: bytes, upper: bytes) -> "list[tuple[int, bytes]]":
    """NMBR with a letter or its = lost."""
    end = 0
    while end < len(upper) and 65 <= upper[end] <= 90:
        end += 1
    value = line[end:].strip()
    if value[:1] == b"=":
        value = value[1:].strip()
    if 3 <= end <= 4 and in_order(upper[:end], b"NMBR") and len(value) >= _SURE_DIGITS and value.isdigit():
        return [(NUMBER_FIELD, value)]
    return []


def in_order(letters: bytes, word: bytes) -> bool:
    """Whether a word's letters, some left out, are these."""
    place = 0
    for letter in word:
        if place < len(letters) and letters[place] == letter:
            place += 1
    return place == len(letters)
