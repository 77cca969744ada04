"""The oblivious function of matching: VOPRF(ristretto255, SHA-512) of RFC 9497, by the package `voprf`.

    partner                                   house with the list
    number -> blinded point, a fresh blind
                          -- blinded -->      point times its key, and a proof that it was that key
                          <-- answer --
    unblinded, hashed with the number: the tag, which the house computes of its own numbers too

The house sees random points. The partner gets the tags of the numbers that it asked about, and cannot make others without the house.
"""

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from catflap_host.errors import UserError

ELEMENT_CHARS = 64
"""A point of the group, in hexadecimal digits."""
ANSWER_CHARS = 192
"""A proof of 64 bytes and a point, in hexadecimal digits."""
TAG_BYTES = 16
"""So much of the function's 64 bytes tells numbers apart: of 20,000 tags and a million questions, one chance in 10^28 of a false yes."""
SEED_BYTES = 32
OF_NUMBERS = b"catflap tags of numbers"


class OprfError(Exception):
    """What came is no point, or no answer by the key that was told; the text says which."""


class Asked:
    """The partner's side: blinds kept until the answer comes; `blinded` is all that leaves. Raises UserError without the package."""

    def __init__(self, numbers: Sequence[str]) -> None:
        made = [_ristretto().Client.blind(number.encode()) for number in numbers]
        self._clients = [client for client, _ in made]
        self.blinded: list[str] = [point.serialize().hex() for _, point in made]

    def tags(self, answers: Sequence[str], public_key: str) -> list[str]:
        """The tags of the numbers, in order. Raises OprfError."""
        ristretto = _ristretto()
        if len(answers) != len(self._clients):
            raise OprfError(f"{len(self._clients)} answers are due, and {len(answers)} came")
        # one proof an answer: the package's proof for many ends the program where it does not hold
        try:
            key = ristretto.PublicKey.deserialize(bytes.fromhex(public_key))
            outputs = [ristretto.VerifiableOutput.deserialize(bytes.fromhex(answer)) for answer in answers]
            return [_tag(client.finalize(output, key)) for client, output in zip(self._clients, outputs, strict=True)]
        except ValueError as error:
            raise OprfError(f"an answer is not by the key that the tags are by: {error}") from None


class Key:
    """The house's side: a key, derived of a secret seed for a use (DeriveKeyPair). Raises UserError without the package."""

    def __init__(self, seed: bytes, use: bytes = OF_NUMBERS) -> None:
        self._evaluator = _ristretto().Evaluator.from_seed(seed, use)
        self.public: str = self._evaluator.public_key.serialize().hex()

    def answers(self, blinded: Sequence[str]) -> list[str]:
        """The answers to blinded numbers, in order. Raises OprfError where one is no point."""
        points: list[Any] = []
        for place, point in enumerate(blinded):
            try:
                points.append(_ristretto().BlindedInput.deserialize(bytes.fromhex(point)))
            except ValueError:
                raise OprfError(f"blinded {place} is no point of the group") from None
        return [self._evaluator.evaluate(point).serialize().hex() for point in points]

    def tags(self, numbers: Iterable[str]) -> dict[str, str]:
        """The tags of our own numbers, by number."""
        return {number: _tag(self._evaluator.evaluate_known_input(number.encode())) for number in numbers}


def _tag(whole: bytes) -> str:
    return whole[:TAG_BYTES].hex()


def _ristretto() -> ModuleType:
    try:
        from voprf import ristretto
    except ImportError:
        raise UserError("matching needs the package voprf, which is not installed here: pip install 'catflap[matching]'") from None
    return ristretto
