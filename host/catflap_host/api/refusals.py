"""What an answer of the API is when there is none, for its description."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not."""

    detail: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "The question cannot be read"},
    401: {"model": Refusal, "description": "Nobody has signed in, and no token counts"},
    403: {"model": Refusal, "description": "The user may not do that"},
}
