"""What a correlation has learnt as bytes, and back: its own classes and plain values, nothing else is ever made out of them."""

import hashlib
import io
import pickle
from collections.abc import Iterable

from catflap_host.correlate.banks import Tell
from catflap_host.correlate.callers import Caller, Callers
from catflap_host.correlate.campaigns import Campaign, Campaigns
from catflap_host.correlate.correlator import Correlator
from catflap_host.correlate.member import Member
from catflap_host.correlate.now import Now
from catflap_host.correlate.pool import Pool, Tie, Ties
from catflap_host.correlate.pools import Pools
from catflap_host.correlate.turns import Turns

_CLASSES: tuple[type, ...] = (Correlator, Callers, Caller, Pools, Pool, Member, Tie, Ties, Tell, Turns, Campaigns, Campaign, Now)


class StateError(Exception):
    """The bytes are no state of this program."""


def form() -> str:
    """What tells a state of this program from one whose classes had other fields."""
    words: list[str] = []
    for known in _CLASSES:
        slots: Iterable[str] = getattr(known, "__slots__", ())
        words += [known.__qualname__, *sorted(slots)]
    for fresh in (Correlator(), Callers(), Pools(), Campaigns(), Now()):
        words += sorted(vars(fresh))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def written(state: object) -> bytes:
    """The bytes of a state."""
    return pickle.dumps(state, protocol=5)


def read(data: bytes) -> object:
    """The state of bytes. Raises StateError."""
    try:
        return _Reader(io.BytesIO(data)).load()
    except StateError:
        raise
    except Exception as error:
        raise StateError(f"no state: {error}") from error


class _Reader(pickle.Unpickler):
    """Makes the classes above and no other."""

    _known = {(known.__module__, known.__qualname__): known for known in _CLASSES}  # noqa: RUF012 - never changed

    def find_class(self, module: str, name: str) -> type:
        """One of ours. Raises StateError."""
        if (module, name) not in self._known:
            raise StateError(f"{module}.{name} is not of a correlation")
        return self._known[module, name]
