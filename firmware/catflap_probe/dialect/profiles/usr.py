"""U.S. Robotics: USR5637 (USB) and its like, Courier, 3Com Business Modem. ATH1 takes the line at once, without a carrier's tones.

The 3Com manual has AT#CID=1, the USB modems take AT+VCID=1; which one a Courier wants depends on its firmware.
"""

from . import Profile

PROFILE = Profile(
    name="usr",
    identify=("ATI3", "ATI7"),
    identities=("U.S. ROBOTICS", "USROBOTICS", "US ROBOTICS", "COURIER", "SPORTSTER", "3COM"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT+VCID=1", "AT+VCID?"), ("AT#CID=1", "AT#CID?")),
    # ATH1, two seconds, ATH0: as seen in pamapa/callblocker#31
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=(
        "ATZ switches caller ID off (home-assistant/core#57765).",
        "After weeks it reports rings and no caller ID until it is unplugged (thess/callattendant#105, emxsys/callattendant#147).",
        "It may go off-hook only rings after the command (thess/callattendant#11).",
        "A waiting call's caller ID comes as any other, in the middle of a conversation (thess/callattendant#114).",
    ),
)
