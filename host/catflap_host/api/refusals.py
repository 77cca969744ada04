"""What an answer of the API is when there is none, for its description."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException

from catflap_host.errors import UserError


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not."""

    detail: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "The question cannot be read"},
    401: {"model": Refusal, "description": "Nobody has signed in, and no token counts"},
    403: {"model": Refusal, "description": "The user may not do that"},
    409: {"model": Refusal, "description": "It cannot be done as things are; the detail says what to change"},
}


@contextmanager
def told() -> Iterator[None]:
    """What the user can put right is the answer 409: the question is in order, and what it asks for cannot be."""
    try:
        yield
    except UserError as error:
        raise HTTPException(409, str(error)) from None
