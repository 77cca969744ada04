"""What a partner has used up of its day, as an answer."""

from typing import Any

from fastapi import HTTPException

from catflap_host.api.refusals import Refusal
from catflap_host.reputation.partners import QuotaError, spend
from catflap_host.store.database import Database

TOO_MUCH: dict[int | str, dict[str, Any]] = {429: {"model": Refusal, "description": "The partner's quota of the day is used up"}}


def spent(database: Database, partner: str, what: str, amount: int, most: int, now_ms: int) -> int:
    """Take from a partner's quota of the day; what is left. Raises HTTPException 429 with the time to wait."""
    try:
        return spend(database, partner, what, amount, most, now_ms)
    except QuotaError as error:
        raise HTTPException(429, str(error), {"Retry-After": str(error.wait_s)}) from None
