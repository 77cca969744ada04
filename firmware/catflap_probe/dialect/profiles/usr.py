"""USR5637 and other voice modems on Conexant chips: ATH1 takes the line at once, without a carrier's tones."""

from . import Profile

PROFILE = Profile(
    # AT+VCID=1 is lost after every ATZ (home-assistant/core#57765)
    initialise=("ATZ", "ATE0", "AT+VCID=1"),
    reply_ms=3000,
    # ATH1, two seconds, ATH0: as seen in pamapa/callblocker#31
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
)
