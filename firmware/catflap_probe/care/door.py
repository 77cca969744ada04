"""The port of one line: opened however long that takes; who keeps it shut, or listens in, is told by name."""

import asyncio

from ..board import Board, Port
from .keeper import Keeper

RETRY_S = 2.0
LOOK_EVERY_US = 1000000

EPERM, ENOENT, EAGAIN, EACCES, EBUSY = 1, 2, 11, 13, 16
"""Linux's numbers; MicroPython's errno module has not got them all."""


class Door:
    """Opens a port. What keeps it shut is told once, and again only when that changes."""

    def __init__(self, board: Board, path: str, keeper: Keeper) -> None:
        self.board = board
        self.path = path
        self.keeper = keeper
        self._told = ""  # what was told last about a port that is shut
        self._others = ""  # the other programs that have it open
        self._looked_us = -LOOK_EVERY_US
        self._is_named = False

    async def open(self, baud: int) -> Port:
        """The port, once it could be opened."""
        while True:
            try:
                port = self.board.open_port(self.path, baud)
            except OSError as fault:
                await self._tell_why(fault)
                await asyncio.sleep(RETRY_S)
                continue
            if self._told:
                self._told = ""
                self.keeper.tell("port-open", self.path)
            if not self._is_named:
                self._is_named = True
                alias = self.board.stable_name(self.path)
                if alias:
                    self.keeper.tell("unstable-name", "%s is another port after the next start: write %s" % (self.path, alias))
            return port

    def unplugged(self) -> None:
        """The port is gone: its plug was pulled, or its driver failed."""
        self._told = "unplugged"
        self.keeper.tell("unplugged", self.path)

    async def others(self) -> str:
        """The other programs that have the open port open too, or an empty string; a change is told."""
        now_us = self.board.monotonic_us()
        if now_us - self._looked_us >= LOOK_EVERY_US:
            self._looked_us = now_us
            others = await self.board.who_has(self.path)
            if others and others != self._others:
                self.keeper.tell("port-shared", "%s is also open in %s, which takes half of what the modem says" % (self.path, others))
            elif self._others and not others:
                self.keeper.tell("port-free", "%s has let go of %s" % (self._others, self.path))
            self._others = others
        return self._others

    async def _tell_why(self, fault: OSError) -> None:
        number = fault.errno
        if number in (EACCES, EPERM):
            what = "port-denied"
        elif number in (EAGAIN, EBUSY):
            what = "port-busy"
        else:
            what = "port-missing"
        # an unplugged port is missing: that says nothing new
        if what == self._told or (what == "port-missing" and self._told == "unplugged"):
            return
        self._told = what
        detail = "%s: %s" % (self.path, fault)
        if what == "port-denied":
            group = self.board.group_of(self.path)
            detail = "%s may not be opened%s" % (self.path, ": add the probe's user to the group %s" % group if group else "")
        elif what == "port-busy":
            detail = "%s is open in %s" % (self.path, await self.board.who_has(self.path) or "another program")
        self.keeper.tell(what, detail)
