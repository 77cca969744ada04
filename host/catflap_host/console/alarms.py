"""Alarms: those that want somebody, what is done about them one by one or many at once, and the page of one."""

from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.masking import mask_text, masked_alarm
from catflap_host.api.needs import require, who
from catflap_host.api.triaging import MAX_ID, MAX_NAME_CHARS
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.picture import DAYS, USUAL_DAYS, picture
from catflap_host.errors import UserError
from catflap_host.judged.verdicts import Said
from catflap_host.language.words import LABELS
from catflap_host.portrait.numbers import of_alarm
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database
from catflap_host.triage import acting, looking
from catflap_host.triage.looking import Filter, Past, Progress

SHOWN = 100
MOST_CHOSEN = 100
"""Members of an alarm that can be let through one by one; of more, all or none."""

TICK = "alarm-"
ALLOW = "allow-"

Word = Annotated[str, Query(max_length=MAX_NAME_CHARS)]
Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Before = Annotated[str, Query(pattern=r"^[0-9]{1,16}-[0-9]{1,16}$")]


def make_router(database: Database, commits: Commits, frame: Frame) -> APIRouter:
    """`/alarms` and `/alarms/{id}`: `GET` shows, `POST` does."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, wanted: Mapping[str, str], before: str, status: int = 200, /, error: str = "") -> HTMLResponse:
        chosen = _filter(wanted)
        place = tuple(int(part) for part in before.split("-")) if before else ()
        found = looking.listed(database, chosen, SHOWN + 1, (place[0], place[1]) if len(place) == 2 else None)
        last = found[SHOWN - 1] if len(found) > SHOWN else None
        query = urlencode({name: value for name, value in wanted.items() if value})
        shown = {
            "alarms": [masked_alarm(alarm) for alarm in found[:SHOWN]],
            "wanted": wanted,
            "query": query,
            "open": looking.count(database, Filter(Progress.OPEN)),
            "older": urlencode({**wanted, "before": f"{last.received_ms}-{last.id}"}) if last else "",
            "probes": [probe.probe for probe in queries.probes(database)],
            "assignees": acting.assignees(database),
            "kinds": list(LABELS),
            "progresses": list(Progress),
            "may_act": who(request).may(Permission.OPERATE),
            "error": error,
        }
        return frame.page(request, "alarms.html", status, **shown)

    def one(request: Request, alarm_id: int, days: int, status: int = 200, /, error: str = "") -> HTMLResponse:
        found = looking.one(database, alarm_id)
        if found is None:
            what = spoken_by(request).gettext("There is no such alarm; it never was, or its time is over.")
            return frame.page(request, "missing.html", 404, what=what)
        numbers = of_alarm(database, found)
        shown = {
            "alarm": masked_alarm(found),
            "picture": picture(database, numbers, [0] * len(numbers), days, spoken_by(request)),
            "days": days,
            "choices": DAYS,
            "past": [Past(step.at_ms, step.who, step.what, mask_text(step.detail)) for step in looking.past(database, alarm_id)],
            "may_act": who(request).may(Permission.OPERATE),
            "assignees": acting.assignees(database),
            "can_choose": len(numbers) <= MOST_CHOSEN,
            "error": error,
        }
        return frame.page(request, "alarm.html", status, **shown)

    def act(request: Request, ids: list[int], form: Mapping[str, str]) -> None:
        _ACTS.get(form.get("do", ""), _nothing)(database, ids, form, require(request, Permission.OPERATE).user)
        commits.announce()

    @router.get("/alarms")
    def list_of(
        request: Request,
        progress: Word = Progress.OPEN.value,
        kind: Word = "",
        probe: Word = "",
        assigned: Word = "",
        active: Word = "",
        before: Before = "",
    ) -> HTMLResponse:
        return page(request, {"progress": progress, "kind": kind, "probe": probe, "assigned": assigned, "active": active}, before)

    @router.post("/alarms")
    def act_on_many(request: Request, form: Form) -> Response:
        wanted = {name: form.get(name, "")[:MAX_NAME_CHARS] for name in ("progress", "kind", "probe", "assigned", "active")}
        ids = [int(name.removeprefix(TICK)) for name in form if name.startswith(TICK) and name.removeprefix(TICK).isdecimal()]
        try:
            act(request, ids, form)
        except UserError as error:
            return page(request, wanted, "", 400, error=spoken_by(request).error(error))
        return RedirectResponse(f"/alarms?{urlencode(wanted)}", 303)

    @router.get("/alarms/{alarm_id}")
    def show(request: Request, alarm_id: Id, days: Annotated[int, Query(ge=1, le=max(DAYS))] = USUAL_DAYS) -> HTMLResponse:
        return one(request, alarm_id, days)

    @router.post("/alarms/{alarm_id}")
    def act_on_one(request: Request, alarm_id: Id, form: Form) -> Response:
        try:
            act(request, [alarm_id], form)
        except UserError as error:
            return one(request, alarm_id, USUAL_DAYS, 400, error=spoken_by(request).error(error))
        return RedirectResponse(f"/alarms/{alarm_id}", 303)

    return router


def _filter(wanted: Mapping[str, str]) -> Filter:
    progress = wanted["progress"]
    return Filter(
        Progress(progress) if progress in list(Progress) else None,
        bool(wanted["active"]),
        wanted["kind"] or None,
        wanted["probe"] or None,
        wanted["assigned"] or None,
    )


def _nothing(_database: Database, _ids: list[int], _form: Mapping[str, str], _user: str) -> None:
    raise HTTPException(400, "the form does not say what is to be done")


def _judge(database: Database, ids: list[int], form: Mapping[str, str], user: str) -> None:
    said = Said.FALSE if form["do"] == Said.FALSE else Said.TRUE
    allow = [name.removeprefix(ALLOW) for name in form if name.startswith(ALLOW)] if form.get("choose") else None
    acting.judge(database, ids, said, form.get("reason", ""), user, allow)


_ACTS: dict[str, Callable[[Database, list[int], Mapping[str, str], str], object]] = {
    "acknowledge": lambda database, ids, _form, user: acting.acknowledge(database, ids, user),
    "reopen": lambda database, ids, _form, user: acting.reopen(database, ids, user),
    "assign": lambda database, ids, form, user: acting.assign(database, ids, form.get("to", ""), user),
    "take": lambda database, ids, _form, user: acting.assign(database, ids, user, user),
    Said.TRUE.value: _judge,
    Said.FALSE.value: _judge,
}
