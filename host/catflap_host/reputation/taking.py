"""A partner's list taken in: its signature held against the registered key, the rest read with suspicion, kept, and noted."""

from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.reputation import document, kept
from catflap_host.reputation.document import Document
from catflap_host.reputation.partners import Partner
from catflap_host.store.database import Database
from catflap_host.store.unmask import note


def take(database: Database, partner: Partner, text: str, own_key_id: str, who: str, now_ms: int) -> Document:
    """Take a signed list in place of the partner's last one. Raises UserError, and the last one stays."""
    try:
        found = document.read(signing.verified(text, signing.read_jwk(partner.key), document.KIND), now_ms)
        kept.take(database, partner, found, own_key_id, now_ms)
    except (signing.SignatureError, document.ListError) as error:
        raise UserError(f"the list of {partner.name} is not taken: {error}") from None
    with database.write() as connection:
        what = f"{len(found.entries)} entries, {len(found.withdrawals)} withdrawals, sequence {found.sequence}"
        note(connection, who, "list-taken", partner.name, what)
    return found
