"""The news of a commit, carried from the writer's thread to whoever waits for it in the event loop."""

import asyncio


class Commits:
    """Wakes those who wait whenever something was committed, and for good when the server stops."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._next = asyncio.Event()
        self.stopped = False

    def announce(self) -> None:
        """Tell of a commit; may be called in any thread."""
        self._loop.call_soon_threadsafe(self._wake)

    def stop(self) -> None:
        """Tell that no more is to be waited for; called in the loop's thread."""
        self.stopped = True
        self._wake()

    def next(self) -> asyncio.Event:
        """An event that the next commit sets: take it before reading, wait for it after, and nothing is missed."""
        return self._next

    async def announce_others(self, every_s: float) -> None:
        """Until the end, have those who wait look at least so often: what other workers commit is not announced here."""
        while not self.stopped:
            try:
                async with asyncio.timeout(every_s):
                    await self._next.wait()
            except TimeoutError:
                self._wake()

    def _wake(self) -> None:
        event, self._next = self._next, asyncio.Event()
        event.set()
