"""What a numbering check costs on either runtime, and how big its table is."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

from catflap_host import micropython
from catflap_models import numbers
from catflap_models.court.figures import Figure
from catflap_models.numbering.compile import MOST_BYTES
from catflap_probe.verdict import number_table
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan

BAR_US = 20.0
COUNT = 4000
ROUNDS = 5


def figures(folder: Path) -> Iterator[Figure]:
    """Checks numbers of every sort one by one on a Chinese trunk with numbers of its own."""
    shown = calling_numbers(Random(1), COUNT)
    plan = TrunkPlan("CN", "010", "subscriber")
    own = OwnNumbers(["01062345601"], plan)
    times = sorted(taken_us for _ in range(ROUNDS) for taken_us in _round(shown, plan, own))
    how = f"{COUNT} numbers of all sorts, {ROUNDS} times, each check timed alone"
    yield Figure("numbers.check.cpython", round(median(times), 2), "us", BAR_US, "lower", f"median; {how}")
    yield Figure("numbers.check.cpython.p99", round(times[len(times) * 99 // 100], 2), "us", None, "lower", how)
    yield _on_micropython(shown, folder)
    size = Path(number_table.__file__).with_name("numbers.bin").stat().st_size
    made_of, dated = number_table.text_at(0)
    yield Figure("numbers.table.bytes", size, "bytes", MOST_BYTES, "lower", f"phonenumbers {made_of}, China of {dated}")


def calling_numbers(rng: Random, count: int) -> list[str]:
    """As a trunk might see them: mobiles mostly, then landlines, foreign numbers, services and false ones."""
    makers = [numbers.mobile] * 10 + [numbers.abroad] * 3 + [numbers.service, numbers.dialler, numbers.one_ring, numbers.impossible]
    found = [rng.choice(makers)(rng) for _ in range(count * 3 // 4)]
    found += [numbers.landline(rng, "010") for _ in range(count - len(found))]
    rng.shuffle(found)
    return [number if rng.random() < 0.8 or number[0] != "1" else "+86" + number for number in found]


def _round(shown: list[str], plan: TrunkPlan, own: OwnNumbers) -> list[float]:
    times = []
    for number in shown:
        started_ns = time.perf_counter_ns()
        check(number, plan, own)
        times.append((time.perf_counter_ns() - started_ns) / 1000)
    return times


def _on_micropython(shown: list[str], folder: Path) -> Figure:
    name = "numbers.check.micropython"
    program = micropython.find()
    if program is None:
        return Figure(name, None, "us", None, "lower", "no MicroPython for this machine")
    folder.mkdir()
    (folder / "numbers").write_text("".join(number + "\n" for number in shown))
    words = [program, "-X", "heapsize=8m", str(Path(__file__).with_name("numbers_on_board.py")), str(folder / "numbers")]
    output = subprocess.run(words, env=micropython.environment(), check=True, stdout=subprocess.PIPE).stdout
    return Figure(name, round(json.loads(output), 1), "us", None, "lower", f"mean of {COUNT} numbers of all sorts, table read by pages")
