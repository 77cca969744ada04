"""`catflap replay`: recordings in, verdicts and alarms out, on either runtime."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from boards.linux.litert import open_classifier
from catflap_host import micropython
from catflap_host.bundles import released_bundle
from catflap_host.errors import UserError
from catflap_probe.policy import PolicyError
from catflap_probe.recording import RecordingError
from catflap_probe.replay import ALARM_HEADER, NO_KEY, VERDICT_HEADER, replay
from catflap_probe.verdict.bundle import BundleError, load

Key = tuple[int, int]
Emit = Callable[[str, Key, str], None]

HEAPS = {"linux": "64m", "board": "208wk"}
"""MicroPython's heap by table size; `wk` counts words, as a chip of 208 kB has: here the code lies in the heap, there in flash."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("recordings", nargs="+", type=Path, metavar="DIR", help="a recording's folder; those of one trunk share a memory")
    parser.add_argument("--verdicts", type=Path, required=True, metavar="FILE.csv", help="a row a call")
    parser.add_argument("--alarms", type=Path, metavar="FILE.csv", help="a row an alarm, and one whenever it grows")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="replaces the recordings' own policy.json")
    parser.add_argument("--runtime", choices=("cpython", "micropython"), default="cpython")
    parser.add_argument("--tables", choices=tuple(HEAPS), default="linux", help="size of the trunk's memory")
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="model bundle (default: the released one)")


def run(args: argparse.Namespace) -> int:
    """Replays; faults in a recording are told and passed over, what cannot be replayed at all is a UserError."""
    bundle = args.bundle or released_bundle()
    paths = [str(path) for path in args.recordings]
    policy = str(args.policy) if args.policy else ""
    try:
        with Output(args.verdicts, args.alarms) as output:
            if args.runtime == "cpython":
                replay(paths, args.tables, policy, load(str(bundle), open_classifier), output.take)
            else:
                for kind, key, text in on_micropython(paths, args.tables, policy, bundle, HEAPS[args.tables]):
                    output.take(kind, key, text)
    except (RecordingError, PolicyError, BundleError) as fault:
        raise UserError(str(fault)) from fault
    return 0


def on_micropython(paths: list[str], tables: str, policy: str, bundle: Path, heap: str) -> Iterator[tuple[str, Key, str]]:
    """What `replay` emits when it runs on MicroPython; raises UserError."""
    with micropython.start(micropython.command("boards/unix/replay.py", heap, tables, str(bundle), policy, *paths)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            kind, _, rest = line.rstrip("\n").partition("\t")
            fields = rest.split("\t", 2)
            if kind == "error":
                raise UserError(fields[2])
            if len(fields) != 3:
                raise UserError(f"MicroPython said: {line.strip()}")
            yield kind, (int(fields[0]), int(fields[1])), fields[2]
    if process.returncode:
        raise UserError(f"MicroPython ended with status {process.returncode}; what it said is above")


class Output:
    """The verdict and alarm files. Rows come as calls end and are written, folder by folder, in order of decision."""

    def __init__(self, verdicts: Path, alarms: Path | None) -> None:
        self._verdicts = _open(verdicts, VERDICT_HEADER)
        self._alarms = _open(alarms, ALARM_HEADER) if alarms else None
        self._rows: list[tuple[Key, str]] = []

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._verdicts.close()
        if self._alarms:
            self._alarms.close()

    def take(self, kind: str, key: Key, text: str) -> None:
        """Takes one thing that `replay` emitted."""
        if kind == "row":
            self._rows.append((key, text))
        elif kind == "alarm":
            if self._alarms:
                self._alarms.write(text + "\n")
        else:
            if kind == "folder":
                self._flush()
            assert key == NO_KEY
            print(f"catflap: {text}", file=sys.stderr)

    def _flush(self) -> None:
        self._rows.sort()
        self._verdicts.writelines(text + "\n" for _, text in self._rows)
        self._rows.clear()


def _open(path: Path, header: str) -> TextIO:
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as fault:
        raise UserError(f"{path}: cannot be written: {fault.strerror}") from fault
    file.write(header + "\n")
    return file
