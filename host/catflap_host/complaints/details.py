"""What people wrote, sealed on disk: the number, the names and words of a complaint, and the notes of its history."""

import json
from dataclasses import asdict, dataclass

from catflap_host.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Details:
    """The sealed part of a complaint: `answer` is what the complainer is told, `origin` the line or network that it came from."""

    number: str
    company: str
    contact: str
    content: str
    answer: str
    origin: str


EMPTY = Details("", "", "", "", "", "")


def sealed(vault: Vault, code: str, details: Details) -> bytes:
    """Details as they are stored with the complaint whose code has that digest, cleaned."""
    written = {name: clean(text) for name, text in asdict(details).items()}
    return vault.seal(json.dumps(written, ensure_ascii=False).encode(), details_place(code))


def opened(vault: Vault, code: str, kept: bytes | None) -> Details:
    """Stored details; EMPTY where their time is over. Raises SealError."""
    return EMPTY if kept is None else Details(**json.loads(vault.open(kept, details_place(code)).decode()))


def note_of(vault: Vault, complaint: int, kept: bytes | None) -> str:
    """A stored note. Raises SealError."""
    return "" if kept is None else vault.open(kept, note_place(complaint)).decode()


def clean(text: str) -> str:
    """A text that shows as lines and does nothing else: no control but the line feed, nothing that turns the direction of writing."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_line(line) for line in lines)


def number_id(vault: Vault, number: str) -> str:
    """The pseudonym of an international number, empty for anything else."""
    return vault.pseudonym(number) if number.startswith("+") else ""


def origin_id(vault: Vault, origin: str) -> str:
    """The pseudonym of a line or network that complaints come from."""
    return vault.pseudonym(f"origin {origin}")


def complainer_ids(vault: Vault, complainer: str) -> list[str]:
    """A complainer's pseudonyms under every version of the keys, the newest first."""
    return vault.pseudonyms(f"complainer {complainer}")


def details_place(code: str) -> bytes:
    """What ties sealed details to the complaint whose code has that digest."""
    return f"complaint {code}".encode()


def note_place(complaint: int) -> bytes:
    """What ties a sealed note to its complaint."""
    return f"complaint-note {complaint}".encode()


def name_place(pseudonym: str) -> bytes:
    """What ties a complainer's sealed name to his row."""
    return f"complainer {pseudonym}".encode()


def _line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)
