"""Lines that no modem would write about a call: random bytes, random text, answers to questions, talk of other things."""

import json
import random
from collections.abc import Callable
from pathlib import Path

from tests.exchange.families import FAMILIES
from tests.exchange.family import Family
from tests.exchange.recording import write_trunk
from tests.replay.recorded import mixed_trunk, replayed, rows

EVERY_S = 5.0

_COMMANDS = {
    "v253": ("+VCID", "+VCDT", "+FCLASS", "+VLS", "+VDR", "+GCI", "#CID", "#CLS", "-STE", "+MS", "+GMM"),
    "3gpp": ("+CLIP", "+CCWA", "+CLCC", "+CRC", "+COLP", "+CREG", "+CSQ", "+CPAS", "+CVHU", "^CURC"),
}
_WORDS = (
    "OK",
    "ERROR",
    "+CME ERROR: 100",
    "COMMAND NOT SUPPORT",
    "NO CARRIER",
    "BUSY",
    "NO DIALTONE",
    "CONNECT 9600",
    "ACTIVE PROFILE:",
    "B1 E0 L2 M1 N0 Q0 T V1 W0 X4 Y0 &C1 &D2 &G0 &J0 &K3 &Q5",
    "S00:000 S01:000 S02:043 S03:013 S04:010",
    "RDY",
    "Call Ready",
    "+CPIN: READY",
    "PB DONE",
    "^SYSSTART",
    "+WIND: 4",
    "LINE-IN-USE",
    "NO DATA",
)


def random_bytes(rng: random.Random, family: Family) -> bytes:
    """As a wrong speed gives."""
    return bytes(rng.randrange(256) for _ in range(rng.randrange(1, 80)))


def random_text(rng: random.Random, family: Family) -> bytes:
    """Printable characters, in lines."""
    return bytes(rng.randrange(32, 127) for _ in range(rng.randrange(1, 60))) + b"\r\n"


def at_like(rng: random.Random, family: Family) -> bytes:
    """Commands echoed, answers to questions about settings, result codes and reports about other things."""
    command = rng.choice(_COMMANDS[family.dialect])
    values = ",".join(str(rng.randrange(4)) for _ in range(rng.randrange(1, 3)))
    answers = (f"AT{command}={values}\r", f"AT{command}?\r", f"{command}: {values}", f"{command}: (0-2)", rng.choice(_WORDS))
    return f"\r\n{rng.choice((*answers, *family.chatter))}\r\n".encode()


KINDS: dict[str, Callable[[random.Random, Family], bytes]] = {"bytes": random_bytes, "text": random_text, "at-like": at_like}


def calls_heard(folder: Path, kind: str, pieces: int, seed: int) -> list[str]:
    """The calls that replay hears in `pieces` of noise on a line of each family."""
    trunk = mixed_trunk(len(FAMILIES), families=tuple(FAMILIES.values()))
    folder.mkdir(parents=True)
    write_trunk(trunk, folder)
    for index, line in enumerate(trunk.lines):
        rng = random.Random(seed * 1000 + index)
        written = [json.dumps({"version": 2, "width": 80, "height": 24})]
        for place in range(pieces // len(trunk.lines)):
            written.append(json.dumps([round(EVERY_S * place, 3), "o", KINDS[kind](rng, line.family).decode("latin-1")]))
        (folder / f"{line.id}.cast").write_text("\n".join(written) + "\n", encoding="ascii")
    found = rows(replayed([folder], folder / "out")[0])
    return [f"{row['line']} at {row['t']} s, {row['calling'] or row['presentation']}" for row in found]
