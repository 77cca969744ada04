"""Signed documents: any JOSE library's arithmetic, and nothing but what the key's owner said."""

import base64
import hashlib
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select

from catflap_host.errors import UserError
from catflap_host.export.signing import SignatureError, Signer, load_signer, public_jwk, read_jwk, signed, thumbprint, verified
from catflap_host.store.database import Database, open_database
from catflap_host.store.tables import secrets
from catflap_host.trace.signing import FILE_NAME

KIND = "catflap-feed+json"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def signer(database: Database, tmp_path: Path) -> Signer:
    return load_signer(database, tmp_path)


def test_key_of_rfc_8037_has_its_thumbprint() -> None:
    jwk = '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'
    assert thumbprint(read_jwk(jwk)) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_key_is_drawn_once_and_is_that_of_all_workers(database: Database, address: str, tmp_path: Path) -> None:
    first = load_signer(database, tmp_path)
    with closing(open_database(tmp_path, address)) as beside:
        again = load_signer(beside, tmp_path)
    assert first.key_id == again.key_id == thumbprint(read_jwk(json.dumps(public_jwk(first))))
    assert not (tmp_path / FILE_NAME).exists()
    assert "d" not in public_jwk(first)
    with database.read() as connection:
        assert b"PRIVATE" not in connection.execute(select(secrets.c.sealed)).scalar_one()


def pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_key_that_an_older_program_left_is_taken_over_and_a_second_one_is_not(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, left = tmp_path / FILE_NAME, pem()
    path.write_bytes(left)
    first = load_signer(database, tmp_path)
    assert first.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) == left
    assert not path.exists() and not caplog.messages
    path.write_bytes(pem())
    assert load_signer(database, tmp_path).key_id == first.key_id
    assert path.exists() and "is not the key that the workers of this database share" in caplog.text


def test_a_key_file_that_is_none_is_named(database: Database, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("no key")
    with pytest.raises(UserError, match=FILE_NAME):
        load_signer(database, tmp_path)


def test_signature_is_that_of_rfc_7515(signer: Signer) -> None:
    document = signed(signer, KIND, {"number": "+86", "name": "张"})
    key = Ed25519PublicKey.from_public_bytes(decoded(public_jwk(signer)["x"]))
    key.verify(decoded(document["signature"]), f"{document['protected']}.{document['payload']}".encode())
    with pytest.raises(InvalidSignature):
        key.verify(decoded(document["signature"]), document["payload"].encode())
    assert json.loads(decoded(document["protected"])) == {"alg": "EdDSA", "kid": signer.key_id, "typ": KIND}
    assert verified(json.dumps(document), key, KIND) == {"number": "+86", "name": "张"}


def test_what_was_changed_or_is_another_thing_is_refused(signer: Signer, tmp_path: Path) -> None:
    key = signer.key.public_key()
    good = signed(signer, KIND, {"a": 1})
    stranger = Signer(Ed25519PrivateKey.generate(), "k2")
    cases: list[tuple[Any, str]] = [
        (good | {"payload": encoded(b'{"a": 2}')}, "not that of the key"),
        (good | {"protected": encoded(json.dumps({"alg": "none", "typ": KIND}).encode())}, "not that of the key"),
        (good | {"signature": ""}, "not that of the key"),
        (signed(stranger, KIND, {"a": 1}), "not that of the key"),
        (signed(signer, "something-else", {"a": 1}), "something else than"),
        ({"payload": good["payload"]}, "not a signed document"),
        ([], "not a signed document"),
        ("text", "not a signed document"),
        (good | {"signature": "*"}, "not a signed document"),
    ]
    for document, fault in cases:
        with pytest.raises(SignatureError, match=fault):
            verified(json.dumps(document), key, KIND)
    with pytest.raises(SignatureError, match="not a signed document"):
        verified("[" * 100_000, key, KIND)


SHORT = '{"kty":"OKP","crv":"Ed25519","x":"AA"}'


@pytest.mark.parametrize("text", ["", "{}", "[]", SHORT.replace("Ed25519", "X25519"), SHORT, SHORT.replace("AA", "*"), "[" * 99])
def test_no_public_key(text: str) -> None:
    with pytest.raises(ValueError):
        read_jwk(text)


def test_thumbprint_is_of_the_public_members_alone(signer: Signer) -> None:
    jwk = public_jwk(signer)
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{jwk["x"]}"}}'
    assert jwk["kid"] == encoded(hashlib.sha256(canonical.encode()).digest())
