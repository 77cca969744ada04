"""Where in the numbering plan a calling number lies: its kind of range (95, 96, 400, mobiles ...) and its block, which names nobody."""

HIDDEN = "****"
"""A block is a number without its last four digits, as much as a masked number hides."""
SHORTEST_HIDDEN = 7
NOT_SHOWN = "not-shown"
NOT_KEPT = "not-kept"
FOREIGN = "international"
_CHINA = "CN"
_SERVICE_DIGITS = 5
_LONGEST = 11
_CHINESE = {"shared-cost": "400", "toll-free": "800", "call-centre": "95"}


def class_of(number_kind: str, country: str) -> str:
    """The kind of range that follows from kind and country alone; `service` where the digits have to tell."""
    if country not in ("", _CHINA):
        return FOREIGN
    if country == _CHINA:
        return _CHINESE.get(number_kind, number_kind)
    return number_kind or "unknown"


def range_of(shown: str, number_kind: str, country: str) -> tuple[str, str]:
    """The kind of range and the block of a number as a line shows it."""
    kind = class_of(number_kind, country)
    if not shown:
        return kind, ""
    digits = _national(shown, kind) if country == _CHINA else shown
    if kind == "service" and country == _CHINA:
        kind = digits[:2] if digits[:2] in ("95", "96") else kind
    if kind in ("95", "96"):
        return kind, digits[:_SERVICE_DIGITS]
    if sum(digit.isdigit() for digit in digits) < SHORTEST_HIDDEN:
        return kind, digits
    return kind, digits[:-4] + HIDDEN


def international_form(shown: str, country: str, number_kind: str) -> str:
    """A number as registers have it, as far as it says its area; empty where it is not kept."""
    if country != _CHINA or not shown:
        return shown
    return f"+86{_national(shown, class_of(number_kind, country)).removeprefix('0')}"


def _national(shown: str, kind: str) -> str:
    """A Chinese number without the country's code; a landline with the 0 of its area, a mobile without one."""
    digits = shown.removeprefix("+")
    found = digits.removeprefix("00")
    if found.startswith("86") and (found != digits or shown[0] == "+" or len(found) > _LONGEST):
        digits = f"0{found[2:]}" if kind == "landline" and found[2:3] != "0" else found[2:]
    return digits[1:] if kind == "mobile" and digits.startswith("01") else digits
