"""Passwords: kept as Argon2id, with the parameters of RFC 9106 for machines with little memory."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from catflap_host.errors import UserError
from catflap_host.language.marking import N_

MIN_CHARS = 12
MAX_CHARS = 256

_hasher = PasswordHasher()
# each check takes 64 MiB: those that come together wait for each other
_one_at_a_time = threading.Lock()


def hashed(password: str, user: str) -> str:
    """The form to be kept. Raises UserError for a password that is too short, too long, or the user's own name."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise UserError(
            N_("the password has %(n)s characters; use %(least)s to %(most)s"), n=len(password), least=MIN_CHARS, most=MAX_CHARS
        )
    if user.casefold() in password.casefold() and len(password) < len(user) + MIN_CHARS:
        raise UserError(N_("the password is little more than the user's name; choose another"))
    if len(set(password)) < MIN_CHARS // 3:
        raise UserError(N_("the password repeats too few different characters; choose another"))
    with _one_at_a_time:
        return _hasher.hash(password)


def fits(password: str, kept: str) -> bool:
    """Whether the password is the one kept; takes as long where none is kept (empty)."""
    with _one_at_a_time:
        try:
            return _hasher.verify(kept or _nobodys(), password[: MAX_CHARS + 1]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def _nobodys() -> str:
    """A hash of the same parameters that no password is known for."""
    parameters = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${parameters}$bm9ib2R5J3Mgc2FsdA$bm9ib2R5IGtub3dzIHdoYXQgd291bGQgZml0IGhlcmU"
