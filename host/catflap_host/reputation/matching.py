"""Numbers of ours held against a partner's list, which neither of us shows to the other."""

import json
from collections.abc import Iterator, Sequence

from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.reputation import tags
from catflap_host.reputation.asking import House, ask
from catflap_host.reputation.oprf import ANSWER_CHARS, Asked, OprfError
from catflap_host.reputation.partners import Partner

MAX_BATCH = 100
"""So many numbers are asked at once, each a millisecond of the other house's work."""


def matched(house: House, partner: Partner, numbers: Sequence[str], now_ms: int) -> Iterator[str]:
    """Those of the numbers that are on the partner's list now, in order. Raises UserError."""
    try:
        told = tags.read(signing.verified(ask(house, "/match/tags"), signing.read_jwk(partner.key), tags.KIND), now_ms)
    except (signing.SignatureError, tags.TagsError) as error:
        raise UserError(f"the tags of {partner.name} are not taken: {error}") from None
    for at in range(0, len(numbers), MAX_BATCH):
        some = numbers[at : at + MAX_BATCH]
        asked = Asked(some)
        answer = _read(ask(house, "/match", {"key": told.key, "blinded": asked.blinded}), partner.name)
        try:
            made = asked.tags(answer, told.public_key)
        except OprfError as error:
            raise UserError(f"{partner.name} does not match honestly: {error}") from None
        yield from (number for number, tag in zip(some, made, strict=True) if tag in told.tags)


def _read(text: str, name: str) -> list[str]:
    try:
        answers = json.loads(text)["answers"]
    except (ValueError, KeyError, TypeError, RecursionError):
        answers = None
    if not isinstance(answers, list) or not all(isinstance(answer, str) and len(answer) == ANSWER_CHARS for answer in answers):
        raise UserError(f"what {name} answers is no answer to a match")
    return answers
