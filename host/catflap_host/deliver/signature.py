"""The signature of a webhook's message, as standardwebhooks.com describes it: HMAC-SHA256 over id, time and body."""

import base64
import hmac
import secrets

PREFIX = "whsec_"
KEY_BYTES = 32


def draw_secret() -> str:
    """A new secret, in the form that receivers' libraries take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def signed_headers(secret: str, message_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows the sender, and an old message sent again; `at_s` is when it is sent, in Unix time."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    mac = hmac.digest(key, f"{message_id}.{at_s}.".encode() + body, "sha256")
    return {"webhook-id": message_id, "webhook-timestamp": str(at_s), "webhook-signature": f"v1,{base64.b64encode(mac).decode()}"}
