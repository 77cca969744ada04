"""Short messages as a cellular modem shows them in text mode (TS 27.005 clauses 3.4.1 and 3.4.3).

+CMT: "+8613800138000",,"26/03/02,08:00:00+32",145,4,0,0,"+8613800100500",145,11         header of one that is passed on as it comes
+CMGR: "REC UNREAD","+8613800138000",,"26/03/02,08:00:02+32",145,36,0,8,"...",145,11     of one that was asked for; dcs 8: UCS2
13812345678                                                                             its text; in UCS2 in hexadecimal
+CMTI: "SM",3                                                                           one lies in memory, at place 3
"""

from .text import plain_text
from .ts27007_fields import Fields, spelled_in

_SENDER_AT = {b"+CMT": 0, b"+CMGR": 1}
_TYPE, _CODING = 3, 6
"""So many fields behind the sender; they are there once AT+CSDH=1 was sent (TS 27.005 clause 3.3.3)."""

INTERNATIONAL = 145
_MOST_CODING = 255
_MOST_PLACE = 9999


def sender_of(header: bytes, rest: bytes) -> "tuple[str, bool]":
    """Who sent the message whose header has these fields, empty where that is no number, and whether its text is in UCS2."""
    place = _SENDER_AT.get(header, -1)
    if place < 0:
        return "", False
    fields = Fields(rest)
    sender = fields.address(place)
    if sender and sender[0] != "+" and fields.integer(place + _TYPE, 255) == INTERNATIONAL:
        sender = "+" + sender
    # TS 23.038 clause 4: general coding, 16 bits a character
    return sender, fields.integer(place + _CODING, _MOST_CODING) & 0xCC == 8


def text_of(line: bytes, is_wide: bool) -> str:
    """The text that a line of a message's body stands for."""
    return (spelled_in(line) if is_wide else "") or plain_text(line)


def place_of(rest: bytes) -> str:
    """Where in the modem's memory a message lies that it has told of; empty if the fields do not say."""
    place = Fields(rest).integer(1, _MOST_PLACE)
    return str(place) if place >= 0 else ""
