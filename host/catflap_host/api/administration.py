"""What administrators do, by the API: users, their tokens, webhooks; each change is put on record in the audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import BaseModel, Field

from catflap_host.access import administering, tokens, users
from catflap_host.access.roles import Identity, Permission, Staff
from catflap_host.access.tokens import Token
from catflap_host.access.users import User
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal
from catflap_host.deliver import outbox
from catflap_host.deliver.administering import add_webhook, remove_webhook
from catflap_host.deliver.outbox import Webhook
from catflap_host.errors import UserError
from catflap_host.store.database import Database

MAX_DAYS = 3_650
MAX_URL_CHARS = 2_000

UserName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
TokenId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
WebhookId = Annotated[str, Path(pattern="^[0-9a-f]{8}$")]


class Rights(BaseModel):
    """A role, and whether whole numbers may be seen."""

    role: Staff
    may_unmask: bool = False


class NewUser(Rights):
    """A user to be added."""

    name: Name


class NewToken(BaseModel):
    """A token to be issued to a user."""

    user: Name
    purpose: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")] = ""
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 365


class NewWebhook(BaseModel):
    """An address to be told."""

    url: Annotated[str, Field(min_length=1, max_length=MAX_URL_CHARS, pattern=r"^[^\x00-\x20]+$")]
    allow_private: bool = False


class Done(BaseModel):
    """Whom or what it was done to."""

    id: str


class WayIn(BaseModel):
    """What lets a user in once, within 24 hours, after the console's address; shown this once."""

    user: str
    enter: str


class Issued(BaseModel):
    """A token, shown this once."""

    token: str


class Told(BaseModel):
    """A webhook, and the secret that its receiver checks with, shown this once."""

    id: str
    secret: str


NOT_DONE: dict[int | str, dict[str, Any]] = {409: {"model": Refusal, "description": "Not there, or not to be done; the text says why"}}


def make_router(database: Database) -> APIRouter:
    """Users, tokens, webhooks: to read many, to change one. Each path has one method, since a refusal names one only."""

    def administrator(request: Request) -> Identity:
        return require(request, Permission.ADMINISTER)

    router = APIRouter(dependencies=[Depends(administrator)])
    asked_by = Depends(administrator)

    @router.get("/users")
    def all_users() -> list[User]:
        """Users by name, disabled ones too. For administrators, as all of these."""
        return users.listed(database)

    @router.post("/user", responses=NOT_DONE)
    def add_user(identity: Annotated[Identity, asked_by], new: NewUser) -> WayIn:
        """Add a user; he chooses his password where the link leads."""
        with _refusing():
            return _way_in(new.name, administering.add_user(database, identity.user, new.name, new.role, new.may_unmask))

    @router.post("/user/{name}/role", responses=NOT_DONE)
    def change_role(identity: Annotated[Identity, asked_by], name: UserName, rights: Rights) -> Done:
        """Give a user another role; counts from his next request. Nobody changes his own."""
        with _refusing():
            administering.change_role(database, identity.user, name, rights.role, rights.may_unmask)
        return Done(id=name)

    @router.post("/user/{name}/disable", responses=NOT_DONE)
    def disable_user(identity: Annotated[Identity, asked_by], name: UserName) -> Done:
        """Let a user in no more; his sessions and tokens end at once."""
        with _refusing():
            administering.disable_user(database, identity.user, name)
        return Done(id=name)

    @router.post("/user/{name}/link", responses=NOT_DONE)
    def new_link(identity: Annotated[Identity, asked_by], name: UserName) -> WayIn:
        """Another way in, for a forgotten password: the old one and its sessions count no more."""
        with _refusing():
            return _way_in(name, administering.new_code(database, identity.user, name))

    @router.get("/tokens")
    def all_tokens() -> list[Token]:
        """API tokens that count, without the words that open."""
        return tokens.listed(database)

    @router.post("/token", responses=NOT_DONE)
    def issue_token(identity: Annotated[Identity, asked_by], new: NewToken) -> Issued:
        """A new API token of a user."""
        with _refusing():
            return Issued(token=administering.issue_token(database, identity.user, new.user, new.purpose, new.days))

    @router.post("/token/{token}/revoke", responses=NOT_DONE)
    def revoke_token(identity: Annotated[Identity, asked_by], token: TokenId) -> Done:
        """Let a token count no more."""
        with _refusing():
            administering.revoke_token(database, identity.user, token)
        return Done(id=token)

    @router.get("/webhooks")
    def all_webhooks() -> list[Webhook]:
        """Webhooks, what waits for each, what was given up, the last error."""
        return outbox.webhooks(database)

    @router.post("/webhook", responses=NOT_DONE)
    def new_webhook(identity: Annotated[Identity, asked_by], new: NewWebhook) -> Told:
        """Tell an address of alarms and stopped calls from now on."""
        with _refusing():
            webhook, secret = add_webhook(database, identity.user, new.url, new.allow_private)
        return Told(id=webhook, secret=secret)

    @router.post("/webhook/{webhook}/remove", responses=NOT_DONE)
    def forget_webhook(identity: Annotated[Identity, asked_by], webhook: WebhookId) -> Done:
        """Tell it no more, and forget what waits for it."""
        with _refusing():
            remove_webhook(database, identity.user, webhook)
        return Done(id=webhook)

    return router


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise HTTPException(409, str(error)) from None


def _way_in(name: str, code: str) -> WayIn:
    return WayIn(user=name, enter=f"/enter?code={code}")
