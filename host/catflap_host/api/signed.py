"""A signed document as the API takes it in and gives it out."""

from typing import Annotated

from pydantic import BaseModel, Field

MAX_PAYLOAD_CHARS = 16_000_000

_Part = Field(min_length=1, max_length=10_000, pattern=r"^[A-Za-z0-9_-]+$")


class Signed(BaseModel):
    """A JSON Web Signature, flattened (RFC 7515), by Ed25519."""

    protected: Annotated[str, _Part]
    payload: Annotated[str, Field(min_length=1, max_length=MAX_PAYLOAD_CHARS, pattern=r"^[A-Za-z0-9_-]+$")]
    signature: Annotated[str, _Part]
