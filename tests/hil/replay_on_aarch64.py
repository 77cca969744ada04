"""Runs on aarch64: `replay_on_aarch64.py BUNDLE DIR` replays a recording with LiteRT and prints what `catflap replay` writes as rows."""

import sys

from boards.linux.litert import LiteRtClassifier, open_classifier
from catflap_probe.replay import replay
from catflap_probe.verdict.bundle import load


def emit(kind: str, key: tuple[int, int], text: str) -> None:
    """Prints a verdict's or an alarm's line."""
    if kind in ("row", "alarm"):
        print(kind, *key, text)


if __name__ == "__main__":
    bundle = load(sys.argv[1], open_classifier)
    assert isinstance(bundle.classifier, LiteRtClassifier)
    replay(sys.argv[2:], "linux", "", bundle, emit)
