"""A form with a file in it, as a browser sends it (multipart/form-data, RFC 7578)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Annotated

from fastapi import Depends, HTTPException, Request

MAX_UPLOAD_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The form's fields, each once, and the file's content; empty where none was chosen."""

    fields: Mapping[str, str]
    content: bytes


async def uploaded(request: Request) -> Uploaded:
    """A dependency: the form that was sent. Raises HTTPException 400 for another form, 413 for a larger one."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data;"):
        raise HTTPException(400, "no form with a file; send multipart/form-data")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_UPLOAD_BYTES:
            raise HTTPException(413, f"a file of over {MAX_UPLOAD_BYTES} bytes; `catflap host register import` takes it")
    return await asyncio.to_thread(_read, kind, bytes(body))


WithFile = Annotated[Uploaded, Depends(uploaded)]


def _read(kind: str, body: bytes) -> Uploaded:
    # such a form has the syntax of mail
    message = message_from_bytes(b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n" + body, policy=policy.HTTP)
    fields, content = dict[str, str](), b""
    for part in message.iter_parts() if message.is_multipart() else ():
        assert isinstance(part, EmailMessage)
        payload = part.get_payload(decode=True)
        told = payload if isinstance(payload, bytes) else b""
        if part.get_filename() is not None:
            content = told
        elif name := part.get_param("name", header="content-disposition"):
            fields[str(name)] = told.decode("utf-8", "replace")
    return Uploaded(fields, content)
