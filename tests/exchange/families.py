"""Four modem families as they write: the text of each, as users of such modems have posted it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.exchange.line import Ringing


@dataclass(frozen=True, slots=True)
class Family:
    """One family's text and timing. Templates take `number date time clock type validity name duration`; empty: the modem says nothing."""

    name: str
    dialect: str
    identity: str
    caller_id_command: str
    """The setting that must be 1 for caller ID to be shown."""
    settings: Mapping[str, str]
    """Extended commands that it knows, each with its value after ATZ."""
    number_head: str
    """The caller-ID text up to the number's last digit,"""
    number_tail: str
    """and what follows it."""
    name_line: str = ""
    """Follows where the network gives a name."""
    withheld: str = ""
    unavailable: str = ""
    """What stands in the number's place."""
    ringing: Ringing | None = None
    """A cellular modem's own ring reports; None: an analogue modem hears the line's cadence."""
    answered: str = ""
    ended: str = ""
    missed: str = ""
    rejected: str = ""
    rejects: tuple[str, ...] = ()
    """The commands that reject a ringing call or hang up."""
    off_hook_delay_s: float = 0.05
    """From the command to the line really being taken, or the call really rejected."""
    reply_s: float = 0.02
    """From a command to its OK."""


USR = Family(
    name="usr",
    dialect="v253",
    identity="U.S. Robotics 56K FAX USB V1.2.23",
    caller_id_command="+VCID",
    settings={"+VCID": "0", "+FCLASS": "0", "+VLS": "0"},
    number_head="\r\nDATE = {date}\r\nTIME = {time}\r\nNMBR = {number}",
    number_tail="\r\n",
    name_line="NAME = {name}\r\n",
    withheld="P",
    unavailable="O",
    rejects=("H",),
    off_hook_delay_s=0.15,
    reply_s=0.2,
)

SIMCOM = Family(
    name="simcom",
    dialect="3gpp",
    identity="SIMCOM_SIM7600E",
    caller_id_command="+CLIP",
    settings={"+CLIP": "0", "+CRC": "0", "+CLCC": "0", "+CMEE": "0"},
    number_head='\r\n+CLIP: "{number}',
    number_tail='",{type},"",0,"",{validity}\r\n',
    ringing=Ringing(period_s=3.0, burst_end_s=0.0, caller_id="never"),
    answered="\r\nVOICE CALL: BEGIN\r\n",
    ended="\r\nVOICE CALL: END: {duration:06d}\r\n\r\nNO CARRIER\r\n",
    missed="\r\nMISSED_CALL: {clock} {number}\r\n",
    rejected="\r\nNO CARRIER\r\n",
    rejects=("H", "+CHUP"),
)

HUAWEI = Family(
    name="huawei",
    dialect="3gpp",
    identity="Manufacturer: huawei\r\nModel: E1752",
    caller_id_command="+CLIP",
    settings={"+CLIP": "0", "+CRC": "0", "+CMEE": "0", "^CURC": "1"},
    number_head='\r\n+CLIP: "{number}',
    number_tail='",{type},,,,{validity}\r\n',
    ringing=Ringing(period_s=5.0, burst_end_s=0.0, caller_id="never"),
    answered="\r\n^CONN:1,0\r\n",
    ended="\r\n^CEND:1,{duration},29,16\r\n",
    missed="\r\n^CEND:1,0,104,16\r\n",
    rejected="\r\n^CEND:1,0,104,16\r\n",
    rejects=("+CHUP",),
)

QUECTEL = Family(
    name="quectel",
    dialect="3gpp",
    identity="Quectel\r\nEC25\r\nRevision: EC25EFAR06A01M4G",
    caller_id_command="+CLIP",
    settings={"+CLIP": "0", "+CRC": "0", "+CMEE": "0"},
    number_head='\r\n+CLIP: "{number}',
    number_tail='",{type},"",,"",{validity}\r\n',
    ringing=Ringing(period_s=6.0, burst_end_s=0.0, caller_id="never"),
    ended="\r\nNO CARRIER\r\n",
    missed="\r\nNO CARRIER\r\n",
    rejects=("H", "+CHUP"),
)

FAMILIES = {family.name: family for family in (USR, SIMCOM, HUAWEI, QUECTEL)}
