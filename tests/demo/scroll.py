"""One call as one line of the terminal."""

from datetime import datetime, tzinfo
from typing import Any

HEADING = f"{'time':8}  {'line':4}  {'number':16}  {'label':13}  {'action':6}  {'outcome':8}  reasons"
_COLOURS = {"simbank": "31;1", "spoof": "35;1", "wangiri": "33;1", "tdos": "31", "telemarketing": "36"}


def call_line(call: dict[str, Any], zone: tzinfo | None, colour: bool) -> str:
    """A call of the aggregator's API in columns under HEADING, its label coloured if asked."""
    time = datetime.fromtimestamp(call["at_ms"] / 1000, zone)
    number = call["calling"] or f"({call['presentation']})"
    label = f"{call['label']:13}"
    if colour and call["label"] in _COLOURS:
        label = f"\x1b[{_COLOURS[call['label']]}m{label}\x1b[0m"
    reasons = " ".join(call["reasons"])
    outcome = "" if call["outcome"] == "none" else call["outcome"]
    # the number is the caller's choice: nothing of it may move the cursor
    shown = "".join(character if character.isprintable() else "?" for character in number)
    return f"{time:%H:%M:%S}  {call['line']:4}  {shown:16}  {label}  {call['action']:6}  {outcome:8}  {reasons}".rstrip()
