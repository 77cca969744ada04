"""Kinds of numbers; the order is that of the compiled table, the words are those of the records (PROTOCOL.md section 8)."""

KINDS = (
    "unknown",
    "mobile",
    "landline",
    "service",
    "call-centre",
    "toll-free",
    "shared-cost",
    "premium",
    "iot",
    "satellite",
    "voip",
    "landline-or-mobile",
    "other",
)
UNKNOWN, MOBILE, LANDLINE, SERVICE, CALL_CENTRE, TOLL_FREE, SHARED_COST = 0, 1, 2, 3, 4, 5, 6
PREMIUM, IOT, SATELLITE, VOIP, LANDLINE_OR_MOBILE, OTHER = 7, 8, 9, 10, 11, 12

# in the table only, for prefixes that are no kind of number
NEVER = 16  # never given out
OPENED_LATER = 17  # seen in use, given out after the table's date
CALLED_ONLY = 18  # a code that people call and nobody calls from
MESSAGES_ONLY = 19  # a sender of text messages
CARRIER_PREFIX = 20  # five digits in front of a whole number
SECOND_NUMBER = 21  # six digits in front of whoever calls the second number of a card
