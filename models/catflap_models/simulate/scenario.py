"""What a simulated recording is made of, as data: the trunk, its honest callers, the campaigns against it, its modems."""

from dataclasses import dataclass

DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class CalledTrunk:
    """The called side."""

    id: str
    lines: int
    country: str = "CN"
    area_code: str = "010"
    role: str = "subscriber"
    start: str = "2026-03-02T00:00:00+08:00"
    """RFC 3339, the midnight of a Monday: second 0 of every plan."""


@dataclass(frozen=True, slots=True)
class Honest:
    """The honest callers of a trunk."""

    calls_per_day: float
    """Those of people who know the trunk and of strangers, on a working day; the families come on top."""
    families: tuple[str, ...]
    """Hard negatives that occur, by their names in honest.FAMILIES."""
    outgoing_per_day: float = 0.0
    """Calls that the trunk itself makes on a working day, under its own numbers; who missed one calls back."""


@dataclass(frozen=True, slots=True)
class SimBank:
    """A box of SIM cards that call as one."""

    name: str
    """The campaign's name, unique on the trunk."""
    selector: str
    """One of banks.SELECTORS: which card makes the next call."""
    numbering: str
    """`neighbouring`, `batch` or `scattered`: how the cards' numbers lie to each other."""
    first_day: int
    days: int
    sims: int = 64
    """Cards in use at once, 8-512."""
    share: float = 0.03
    """Part of the campaign's calls that reaches the trunk, 0.001-0.1."""
    calls_per_sim_day: float = 120.0
    limit_calls: int = 0
    """What the operator allows a card a day (0: no limit); counter-limited banks stop a card at `limit_share` of it."""
    limit_share: float = 0.95
    limit_talk_minutes: int = 0
    """What the operator allows a card in minutes of talk a day (0: no limit)."""
    gap_floor_s: float = 40.0
    """A card rests at least so long after a call."""
    gap_jitter: float = 0.3
    """0-1: how irregular the bank's rests are."""
    life_days: float = 5.0
    """A card is given up after about so many days, and replaced."""
    sticky: float = 0.0
    """Part of the calls to a line that has been called before that come from the card that called it."""
    fake_incoming: float = 0.0
    """Part of a card's activity that is incoming calls between the bank's own cards: it keeps cards busy and lets fewer calls out."""
    channels: int = 128
    """Calls at once."""
    open_h: float = 8.5
    close_h: float = 20.0
    virtual_share: float = 0.6
    """Part of the cards that are a virtual operator's."""
    line_share: float = 1.0
    """Part of the trunk's lines on the bank's list."""


@dataclass(frozen=True, slots=True)
class OneRing:
    """Sweeps over the lines; each call is given up within about three seconds."""

    name: str
    first_day: int
    days: int
    numbering: str = "foreign"
    """`foreign` or `premium`."""


@dataclass(frozen=True, slots=True)
class Bombing:
    """One or two lines called every few seconds for hours."""

    name: str
    first_day: int
    hours: float = 2.0
    numbering: str = "rotating"
    """`single`, `rotating`, `fresh` or `withheld`."""


@dataclass(frozen=True, slots=True)
class Dialler:
    """A call centre that dials blindly: six or seven rings, a few abandoned calls."""

    name: str
    first_day: int
    days: int
    calls_per_line_day: float = 2.5
    numbering: str = "call-centre"
    """`call-centre`, `landline` or `mobile`."""


@dataclass(frozen=True, slots=True)
class FalseNumbers:
    """Calls under numbers that cannot be true, of every form that occurs."""

    name: str
    calls_per_day: float = 0.5


@dataclass(frozen=True, slots=True)
class OutsideRange:
    """Outgoing calls of the trunk's own that present a number outside its authorised ranges."""

    name: str
    first_day: int
    days: int
    calls_per_day: float = 10.0


Campaign = SimBank | OneRing | Bombing | Dialler | FalseNumbers | OutsideRange


@dataclass(frozen=True, slots=True)
class Modems:
    """How the lines' modems are drawn."""

    cellular_share: float = 0.5
    """Part of the lines that are cellular; the others are analogue."""
    ring_s: tuple[float, ...] = ()
    """The periods of RING that modems have here; empty: what the modem families and the country's cadence have."""
    lost_share: float = 0.0
    """Part of the modems' lines of text that are lost."""
    split_share: float = 0.1
    """Part of the modems' lines of text that arrive in two pieces."""
    is_dtmf: bool = False
    """Analogue caller ID comes as DTMF before the first ring."""
    withheld_share: float = 0.0
    """Part of the calls whose number the network does not show, whoever calls."""
    clock_step_s: float = 0.0
    """The wall clock is put right by so much in the middle of the recording (0: never)."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recording."""

    seed: int
    trunk: CalledTrunk
    days: int
    honest: Honest
    campaigns: tuple[Campaign, ...] = ()
    modems: Modems = Modems()
