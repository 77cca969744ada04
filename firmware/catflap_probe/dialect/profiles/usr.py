"""USR5637 and other voice modems on Conexant chips: ATH1 takes the line at once, without a carrier's tones."""

from . import Profile

PROFILE = Profile(
    name="usr",
    # AT+VCID=1 is lost after every ATZ (home-assistant/core#57765)
    caller_id=(("AT+VCID=1", "AT+VCID?"),),
    # ATH1, two seconds, ATH0: as seen in pamapa/callblocker#31
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
)
