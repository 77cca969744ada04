"""What sets one modem family apart: its text, the commands it knows, how fast it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.exchange.caller_id import Format
from tests.exchange.line import Ringing


@dataclass(frozen=True, slots=True)
class Notice:
    """A text that the modem writes about a call, while `setting` (such as `+CLCC=1`) holds; always where there is none."""

    text: str
    setting: str = ""


RING = (Notice("\r\n+CRING: VOICE\r\n", "+CRC=1"), Notice("\r\nRING\r\n"))


@dataclass(frozen=True, slots=True)
class Family:
    """One family. Texts are templates of the fields in caller_id.py; settings are written as the command that makes them: `+VCID=1`."""

    name: str
    dialect: str
    profile: str
    """The probe's name for it."""
    identity: Mapping[str, str]
    """What it answers to commands such as `I3` and `+CGMM`."""
    settings: Mapping[str, str]
    """Commands that set something, each with its value after ATZ."""
    caller_id: Mapping[str, Format]
    """The setting under which a ringing caller is shown, and how; the first that holds."""
    setup: tuple[str, ...]
    """What a probe must say so that everything is shown."""
    rings: tuple[Notice, ...] = RING
    """The first whose setting holds is written for a ring."""
    notices: Mapping[str, tuple[Notice, ...]] = field(default_factory=dict)
    """By event: `incoming` (after the first ring), `answered`, `ended` (a talk), `missed`, `rejected`, `waiting`, `waiting-over`."""
    waiting: Mapping[str, Format] = field(default_factory=dict)
    """As `caller_id`, for a call that waits while the line is in use."""
    ringing: Ringing | None = None
    """A cellular modem's own ring reports, or the only signalling that the family is for; None: it hears the country's cadence."""
    rejects: Mapping[str, str] = field(default_factory=dict)
    """Commands that reject a ringing call or hang up, each with the setting that it needs, if any."""
    in_use_setting: str = ""
    """Under this setting it refuses to go off-hook while somebody is on the line."""
    kept: frozenset[str] = frozenset({"+GCI"})
    """Settings that neither ATZ nor a power failure loses."""
    unknown: str = "ERROR"
    """Result code for a command that it does not know."""
    banner: str = ""
    """What it writes when it has started."""
    chatter: tuple[str, ...] = ()
    """Lines that it writes now and then, about no call."""
    off_hook_delay_s: float = 0.05
    """From the command to the line really being taken, or the call really rejected."""
    reply_s: float = 0.02
    """From a command to its OK."""
    key_s: float = 0.0
    """Caller ID comes key by key, so far apart."""

    @property
    def is_cellular(self) -> bool:
        """Whether it rejects calls rather than takes the line."""
        return self.dialect == "3gpp"
