"""Runs on MicroPython: `fetch_on_board.py FOLDER SERIAL FILE CALLING...` fetches a policy from a file as from an aggregator.

Prints what the probe says of its policy after each piece, then the lists of each number by the policy in force, then what was refused.
"""

# ruff: noqa: PTH123 - MicroPython has no pathlib
import asyncio
import sys
from binascii import b2a_base64

from catflap_probe.board import Board
from catflap_probe.policy import Policy
from catflap_probe.rules.delivery import PolicyFetch


class Machine(Board):
    """Files are on the flash once they are flushed."""

    async def sync(self, file: "object") -> None:
        """See Board."""


async def fetch(folder: str, serial: int, content: bytes, numbers: "list[str]") -> None:
    """Takes all pieces."""
    found: list[Policy] = []
    refused: list[str] = []
    fetching = PolicyFetch(Machine(), folder, "board", "CN", found.append, refused.append)
    before = fetching.restore()
    print(before.version if before is not None else "nothing")
    while True:
        print(fetching.place())
        have, want, at, room = [int(part) for part in fetching.place().split(",")]
        if have == serial or at < 0:
            break
        start = at if want == serial else 0
        data = b2a_base64(content[start : start + room]).decode().strip()
        await fetching.told({"serial": serial, "size": len(content), "at": start, "data": data})
    print([found[0].lists_of(number) for number in numbers] if found else [])
    print(refused)


if __name__ == "__main__":
    with open(sys.argv[3], "rb") as file:
        asyncio.run(fetch(sys.argv[1], int(sys.argv[2]), file.read(), sys.argv[4:]))
