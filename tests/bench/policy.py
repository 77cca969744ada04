"""What a policy of a million entries takes to compile, to look a number up in, and to try on a million calls."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

from catflap_host import micropython
from catflap_host.policy.compiling import compile_policy, no_pools
from catflap_host.policy.document import parse
from catflap_host.policy.trial import try_out
from catflap_host.store.database import open_database
from catflap_models import numbers
from catflap_models.court.figures import Figure
from catflap_probe.policy import Policy
from catflap_probe.rules.compiled import read
from tests.planted_calls import plant

COMPILE_BAR_S, LINUX_BAR_US, BOARD_BAR_US, TRIAL_BAR_S = 30.0, 5.0, 2000.0, 60.0
MANY, FEW = 1_000_000, 10_000
ASKED = 4_000
ROUNDS = 5


def figures(folder: Path, fast: bool) -> Iterator[Figure]:
    """Compiles as the aggregator does, reads and looks up as probes do."""
    folder.mkdir()
    rng = Random(3)
    count = MANY // 10 if fast else MANY
    text = written(rng, count)
    started_s = time.perf_counter()
    compiled = compiled_of(text)
    took_s = time.perf_counter() - started_s
    size = f"{count} entries, {len(compiled)} bytes"
    yield Figure("policy.compile", round(took_s, 2), "s", None if fast else COMPILE_BAR_S, "lower", f"{size}: read, checked, compiled")
    path = folder / "policy"
    path.write_bytes(compiled)
    asked = _asked(rng)
    started_s = time.perf_counter()
    policy = read(str(path), "CN")
    yield Figure("policy.load", round(time.perf_counter() - started_s, 3), "s", None, "lower", f"{size}: checked and read by a Linux probe")
    taken = sorted(took_us for _ in range(ROUNDS) for took_us in _looked_up(policy, asked))
    how = f"{size}; {ASKED} numbers, {ROUNDS} times, each look-up timed alone"
    yield Figure("policy.lookup.linux", round(median(taken), 2), "us", LINUX_BAR_US, "lower", f"median; {how}")
    yield Figure("policy.lookup.linux.p99", round(taken[len(taken) * 99 // 100], 2), "us", None, "lower", how)
    yield _on_micropython(rng, asked, folder)
    yield _trial(rng, text, MANY // 20 if fast else MANY, folder)


def written(rng: Random, count: int) -> str:
    """A policy's text: mostly mobiles and landlines in both forms, then ranges and prefixes."""
    deny: list[dict[str, object]] = []
    for place in range(count):
        number = numbers.landline(rng, "010") if place % 5 == 0 else numbers.mobile(rng)
        if place % 100 == 1:
            deny.append({"range": [number[:-3] + "000", number[:-3] + "999"]})
        elif place % 100 == 2:
            deny.append({"prefix": number[:-4]})
        else:
            deny.append({"number": number if place % 2 or number[0] == "0" else "+86" + number})
    return json.dumps({"catflap_policy": 1, "allow": deny[::10], "deny": [entry for place, entry in enumerate(deny) if place % 10]})


def compiled_of(text: str) -> bytes:
    """The policy of that text as probes get it."""
    return compile_policy(parse(text), "1", no_pools, (), datetime.now(UTC)).with_serial(1)


def _asked(rng: Random) -> list[str]:
    return [numbers.landline(rng, "010") if place % 5 == 0 else numbers.mobile(rng) for place in range(ASKED)]


def _looked_up(policy: Policy, asked: list[str]) -> Iterator[float]:
    for number in asked:
        started_ns = time.perf_counter_ns()
        policy.lists_of(number)
        yield (time.perf_counter_ns() - started_ns) / 1000


def _trial(rng: Random, text: str, count: int, folder: Path) -> Figure:
    """Tries the policy on past calls of as many callers as a trunk might have, a tenth of the calls from newcomers."""
    now_ms = time.time_ns() // 1_000_000
    callers = [numbers.landline(rng, "010") if place % 5 == 0 else numbers.mobile(rng) for place in range(count // 10)]

    def calls() -> Iterator[dict[str, object]]:
        for place in range(count):
            calling = numbers.mobile(rng) if place % 10 == 0 else rng.choice(callers)
            at_ms = now_ms - (count - place) * 2_000
            yield {"calling": calling, "at_ms": at_ms, "probe": f"p{place % 40}", "trunk": f"t{place % 40}"}

    with closing(open_database(folder / "data")) as database:
        plant(database, calls())
        document = parse(text)
        started_s = time.perf_counter()
        trial = try_out(database, document, no_pools, 0, now_ms, 100)
        took_s = time.perf_counter() - started_s
    how = f"{trial.calls} calls of 40 trunks, {sum(one.calls for one in trial.counts)} would have changed, compiling included"
    return Figure("policy.trial", round(took_s, 1), "s", TRIAL_BAR_S if count == MANY else None, "lower", how)


def _on_micropython(rng: Random, asked: list[str], folder: Path) -> Figure:
    name = "policy.lookup.micropython"
    if micropython.find() is None:
        return Figure(name, None, "us", BOARD_BAR_US, "lower", "no MicroPython for this machine")
    compiled = compiled_of(written(rng, FEW))
    line = compiled.index(b"\n") + 1
    (folder / "few").write_bytes(compiled)
    (folder / "numbers").write_text("".join(number + "\n" for number in asked))
    script = str(Path(__file__).parents[1] / "unit/lists_on_board.py")
    words = [str(folder / "few"), str(line), str(json.loads(compiled[:line])["words"]), str(folder / "numbers")]
    done = subprocess.run(
        micropython.command(script, "4m", *words), env=micropython.environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    took_us = float(done.stdout.splitlines()[1])
    how = f"mean of {ASKED} numbers in {FEW} entries, {len(compiled)} bytes, a page read for each"
    return Figure(name, round(took_us, 1), "us", BOARD_BAR_US, "lower", how)
