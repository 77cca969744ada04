"""The token of a form that was given out: signed, good for one sending, not at once and not for ever, so that each needs a page of its own.

ISSUED_S.NONCE.SIGNATURE
"""

import secrets

from catflap_host.store.vault import Vault

PURPOSE = "complaint-form"
SHORTEST_MS = 2_000
"""Nobody fills the form in faster."""

LONGEST_MS = 3 * 3_600_000
MAX_CHARS = 100
_NONCE_BYTES = 9
_PARTS = 2


def issue(vault: Vault, now_ms: int) -> str:
    """A new one."""
    told = f"{now_ms}.{secrets.token_urlsafe(_NONCE_BYTES)}"
    return f"{told}.{vault.sign(PURPOSE, told)}"


def counts(vault: Vault, token: str, now_ms: int) -> bool:
    """Whether a token is ours, neither too young nor too old; whether it was spent is the database's to say."""
    told, _, signature = token.rpartition(".")
    parts = told.split(".")
    if len(token) > MAX_CHARS or len(parts) != _PARTS or not vault.is_signed(PURPOSE, told, signature):
        return False
    return SHORTEST_MS <= now_ms - int(parts[0]) <= LONGEST_MS
