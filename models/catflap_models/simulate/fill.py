"""Writes many random trunks on several cores: which ones, and what is in them, does not depend on how many cores there are."""

import shutil
import signal
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from catflap_models.simulate.draw import draw_scenario
from catflap_models.simulate.world import planned_calls
from catflap_models.simulate.writer import write_calls


@dataclass(frozen=True, slots=True)
class Size:
    """What each trunk is like."""

    seed: int
    lines: int
    days: int


def fill(folder: Path, size: Size, trunks: int, calls: int, jobs: int, told: Callable[[int, int], None]) -> tuple[int, Counter[str]]:
    """Writes `trunks` trunks, or where `calls` is not 0 as many as hold that many calls, into folders trunk-001 ... of `folder`.

    Returns how many trunks were written, and their labelled calls by label. `told(trunks, calls)` hears of every trunk. Raises OSError.
    """
    written, counts, planned = 0, Counter[str](), 0
    pending: deque[Future[Counter[str]]] = deque()
    with ProcessPoolExecutor(jobs, get_context("spawn"), _end_quietly) as pool:
        try:
            while True:
                # a few ahead, so that no core waits for the slowest
                while len(pending) < 2 * jobs and (calls or planned < trunks):
                    planned += 1
                    pending.append(pool.submit(_write, folder, size, planned))
                if not pending:
                    break
                counts += pending.popleft().result()
                written += 1
                told(written, counts.total())
                if calls and counts.total() >= calls:
                    break
        finally:
            for future in pending:
                future.cancel()
    for number in range(written + 1, planned + 1):
        # begun before it was known that they are not needed
        shutil.rmtree(folder / _name(number), ignore_errors=True)
    return written, counts


def _end_quietly() -> None:
    """Ctrl-C ends a writing process at once and without a traceback; the one that waits for it says what there is to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _write(folder: Path, size: Size, number: int) -> Counter[str]:
    name = _name(number)
    scenario = draw_scenario(size.seed, name, size.lines, size.days)
    return write_calls(scenario, planned_calls(scenario), folder / name)


def _name(number: int) -> str:
    return f"trunk-{number:03d}"
