"""Past calls put straight into a database, as if probes had told of them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import insert

from catflap_host.store import parties
from catflap_host.store.database import Database
from catflap_host.store.tables import calls
from catflap_host.store.tables import parties as party_rows

PLAIN: Mapping[str, object] = {
    "probe": "demo-a",
    "boot": "9f0c41d2a7b3e658",
    "trunk": "beijing-7",
    "line": "L01",
    "direction": "in",
    "presentation": "shown",
    "number_kind": "mobile",
    "country": "CN",
    "label": "legit",
    "score": 100,
    "action": "allow",
    "reasons": "",
    "answered_ms": -1,
}
PIECE = 20_000


def plant(database: Database, told: Iterable[Mapping[str, object]]) -> int:
    """Adds calls in order; each says `at_ms` and perhaps `calling` and `called`, and what differs from PLAIN. How many there are."""
    ids: dict[str, int] = {"": parties.NOBODY}
    count = 0
    waiting: list[dict[str, object]] = []
    with database.write() as connection:
        for call in told:
            count += 1
            fields = dict(call)
            texts = [str(fields.pop(name, "")) for name in ("calling", "called")]
            new = []
            for text in texts:
                if text not in ids:
                    ids[text] = len(ids)
                    pseudonym = database.vault.pseudonym(text)
                    sealed = parties.seal_text(database.vault, pseudonym, text)
                    new.append({"id": ids[text], "pseudonym": pseudonym, "sealed": sealed, "last_day": 0})
            if new:
                connection.execute(insert(party_rows), new)
            row = {**PLAIN, "call": count, "received_ms": fields["at_ms"], **fields}
            waiting.append(row | {"calling_party": ids[texts[0]], "called_party": ids[texts[1]]})
            if len(waiting) == PIECE:
                connection.execute(insert(calls), waiting)
                waiting.clear()
        if waiting:
            connection.execute(insert(calls), waiting)
    return count
