"""Policies on their way from the aggregator to the probe's flash: piece by piece, each in a file of its own.

policy-1794000000    in force until the one below is whole, and has been read; goes when the next one is fetched
policy-1795000000    grows; cut short by a power failure it does not fit its SHA-256 and is thrown away at the next start
"""

import hashlib
import logging
import os
from binascii import a2b_base64

from ..policy import Policy, PolicyError
from .compiled import read
from .layout import DIGEST_BYTES, MOST_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedWriter

    from ..board import Board

NAME = "policy-"
PIECE_BYTES = {"linux": 9000, "board": 384}
"""As much as fits into one answer."""

FRAME_BYTES = 384
"""The same where answers come in frames of a serial link, whatever machine takes them."""

log = logging.getLogger("catflap.policy")


class PolicyFetch:
    """Fetches a newer policy and puts it in force; `is_behind`: the aggregator has more to say at once."""

    def __init__(
        self,
        board: "Board",
        folder: str,
        tables: str,
        country: str,
        put_in_force: "Callable[[Policy], None]",
        refuse: "Callable[[str], None]",
        room: int = 0,
    ) -> None:
        """`refuse` is told why a policy is not taken; `room` is for a piece of one, 0: as much as a machine with such tables takes."""
        self.board = board
        self.folder = folder
        self.country = country
        self.most_bytes = MOST_BYTES[tables]
        self.room = room or PIECE_BYTES[tables]
        self.is_behind = False
        self.have = 0
        self._put_in_force = put_in_force
        self._refuse = refuse
        self._want = 0
        self._at = 0  # so much of it is there; -1: it is refused
        self._size = 0
        self._file: BufferedWriter | None = None
        self._digest = hashlib.sha256()
        self._tail = b""  # the last bytes so far, which may be the SHA-256 itself

    def restore(self) -> "Policy | None":
        """The newest whole policy of those that were fetched before; what is damaged is refused and removed."""
        for serial in self._serials():
            path = self._path(serial)
            try:
                policy = read(path, self.country)
            except PolicyError as fault:
                self._refuse("%s: %s" % (path, fault))
                _remove(path)
                continue
            self.have = policy.serial
            return policy
        return None

    def place(self) -> str:
        """What a batch says: the policy in force, the one that is fetched, how much of it is there (-1: refused), room for a piece."""
        return "%d,%d,%d,%d" % (self.have, self._want, self._at, self.room)

    async def told(self, piece: "dict[str, object] | None") -> None:
        """Takes a piece of the aggregator's policy, or that there is none. Never raises on what is told."""
        if piece is None:
            self.is_behind = False
            return
        try:
            serial, size, at = int(piece["serial"]), int(piece["size"]), int(piece["at"])  # type: ignore[call-overload]
            data = a2b_base64(piece["data"])  # type: ignore[arg-type]
            if not data:
                raise ValueError("it is empty")
        except (KeyError, TypeError, ValueError) as fault:
            log.warning("a piece of a policy cannot be read: %s", fault)
            self.is_behind = False
            return
        # one that is older was sent before: somebody repeats it
        self.is_behind = serial > self.have
        if not self.is_behind:
            return
        try:
            if serial != self._want:
                self._begin(serial, size)
            if self._file is not None and at == self._at:
                await self._add(data)
            else:
                self.is_behind = False
        except (OSError, PolicyError) as fault:
            self._give_up(str(fault))

    def stop(self) -> None:
        """Lets go of what is half fetched; the next start begins it anew."""
        self._let_go()

    def _begin(self, serial: int, size: int) -> None:
        self._let_go()
        self._want = serial
        self._at = 0
        self._size = size
        for other in self._serials():
            if other != self.have:
                _remove(self._path(other))
        if not DIGEST_BYTES < size <= self.most_bytes:
            raise PolicyError("a policy of %d bytes: there is room for %d" % (size, self.most_bytes))
        self._digest = hashlib.sha256()
        self._tail = b""
        self._file = open(self._path(serial), "wb")

    async def _add(self, data: bytes) -> None:
        file = self._file
        assert file is not None
        file.write(data)
        self._at += len(data)
        tail = self._tail + data
        self._digest.update(tail[:-DIGEST_BYTES])
        self._tail = tail[-DIGEST_BYTES:]
        if self._at >= self._size:
            file.flush()
            await self.board.sync(file)
            self._let_go()
            if self._at > self._size or self._digest.digest() != self._tail:
                raise PolicyError("the policy did not come as it was sent: its SHA-256 does not fit")
            policy = read(self._path(self._want), self.country, True)
            if policy.serial != self._want:
                raise PolicyError("the policy has another serial number than it was sent under")
            self.have = self._want
            self._put_in_force(policy)

    def _give_up(self, why: str) -> None:
        self._let_go()
        _remove(self._path(self._want))
        self._at = -1
        self._refuse(why)

    def _let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _path(self, serial: int) -> str:
        return "%s/%s%d" % (self.folder, NAME, serial)

    def _serials(self) -> "list[int]":
        """Of the policies in the folder, the newest first."""
        names = [name[len(NAME) :] for name in os.listdir(self.folder) if name.startswith(NAME)]
        return sorted([int(name) for name in names if name.isdigit()], reverse=True)


def _remove(path: str) -> None:
    try:
        os.remove(path)
    except OSError:
        pass
