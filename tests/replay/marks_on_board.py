"""Runs on both runtimes: `marks_on_board.py FOLDER` plays a recording, and prints each record of a call and of a mark as a line of JSON."""

import json
import sys

from catflap_probe import records
from catflap_probe.call import Call
from catflap_probe.replay import Folder, Writer, replay


class Recorder(Writer):
    """Prints the records that a probe would put into its spool, their fields in order of the names."""

    def line_of(self, line: int) -> "tuple[str, str]":
        """Ids of the trunk and of a line."""
        settings = self.settings
        assert settings is not None
        return settings.id, settings.lines[line].id

    def decided(self, call: Call, now_ms: int) -> None:
        """See Observer."""
        show(records.of_decision(call, *self.line_of(call.line), START_MS, False, ""))

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        """See Observer."""
        show(records.of_end(call, *self.line_of(call.line), START_MS, label))

    def marked(self, line: int, call: "Call | None", way: int, number: str, sender: str, now_ms: int) -> None:
        """See Observer."""
        show(records.of_mark(call, *self.line_of(line), way, number, sender, START_MS + now_ms))


def show(record: "dict[str, object]") -> None:
    """Prints one record."""
    text = json.dumps([[name, record[name]] for name in sorted(record)], separators=(",", ":"))
    # one of the two writes what is not ASCII as it is
    print("".join([letter if ord(letter) < 128 else f"\\u{ord(letter):04x}" for letter in text]))


def ignore(_kind: str, _key: "tuple[int, int]", _text: str) -> None:
    """Verdicts are not what is looked at."""


if __name__ == "__main__":
    START_MS = Folder(sys.argv[1]).start_ms
    replay([sys.argv[1]], "linux", "", None, ignore, Recorder)
