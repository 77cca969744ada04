"""Runs the world's processes in order of time: whoever's next step is due first takes it and hears what came of it."""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush, heapreplace

from .steps import STARTED, Dial, Outcome, Process, Start


def run(processes: Iterable[Process], put_through: Callable[[Dial, float], Outcome], end_s: float) -> None:
    """Runs until nothing is left or the next step would come at `end_s` or later. Steps of the same moment keep the order of their making.

    `put_through(dial, now_s)` is asked about every number dialled. A step that lies in the past is taken at once.
    """
    queue: list[tuple[float, int, Process, Dial | Start]] = []
    for number, process in enumerate(processes):
        step = next(process, None)
        if step is not None:
            queue.append((step.t_s, number, process, step))
    heapify(queue)
    number = len(queue) + 1_000_000
    now_s = 0.0
    while queue and queue[0][0] < end_s:
        now_s = max(now_s, queue[0][0])
        _, _, process, step = queue[0]
        begun: Process | None = None
        if isinstance(step, Start):
            begun = step.process
            outcome = Outcome(STARTED, now_s)
        else:
            outcome = put_through(step, now_s)
        number += 1
        try:
            following = process.send(outcome)
            heapreplace(queue, (max(now_s, following.t_s), number, process, following))
        except StopIteration:
            heappop(queue)
        first = next(begun, None) if begun is not None else None
        if begun is not None and first is not None:
            number += 1
            heappush(queue, (max(now_s, first.t_s), number, begun, first))
