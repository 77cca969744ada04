"""The policy: what is in force and which probe has it, all versions, and one with its difference, dry runs and what is done with it."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.masking import mask, mask_text, masked_call
from catflap_host.api.needs import require, who
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.errors import UserError
from catflap_host.policy import kept
from catflap_host.policy.difference import Difference, differences
from catflap_host.policy.document import Tree
from catflap_host.policy.kept import Release, StateError, Version
from catflap_host.policy.masked import masked, masked_entry
from catflap_host.policy.trials import ChangedCall, DryRun, DryRuns, dry_run, dry_runs
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Call
from catflap_host.store.tables import calls
from catflap_probe.call import ACTIONS

SHOWN = 100
SHOWN_RUNS = 5
MOST_DIFFERENCES = 200
MOST_TEXT_CHARS = 40_000
RUN_DAYS = (7, 30, 90, 365)
USUAL_DAYS = 30
MAX_ID = 2**53

Id = Annotated[int, Path(ge=1, le=MAX_ID)]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a probe has of the policy: `state` is `in-step`, `behind`, `refused` or `none`; `since_ms` 0: it never asked."""

    probe: str
    state: str
    version: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class Treated:
    """A call that would have been treated otherwise."""

    call: Call
    changed: ChangedCall


def make_router(database: Database, runs: DryRuns, frame: Frame) -> APIRouter:
    """`/policy`, `/policy/state` (the part that is fetched again), `/policy/versions/{n}` and `/policy/runs/{id}`."""
    router = APIRouter(include_in_schema=False)

    def state(request: Request) -> dict[str, object]:
        live = kept.published(database)
        standings = standings_of(database, live)
        return {
            "live": live,
            "standings": standings,
            "in_step": sum(one.state == "in-step" for one in standings),
            "taking": sum(one.state != "none" for one in standings),
            "may_act": who(request).may(Permission.OPERATE),
        }

    def page(request: Request, status: int = 200, /, error: str = "") -> HTMLResponse:
        releases = kept.releases(database, SHOWN)
        shown = {
            "before": kept.before(database),
            "versions": [_masked(version) for version in kept.versions(database, SHOWN)],
            "releases": releases,
            "published": {release.version for release in releases},
            "second_person": kept.needs_second_person(database),
            "may_set": who(request).may(Permission.ADMINISTER),
            "error": error,
        }
        return frame.page(request, "policy.html", status, **state(request), **shown)

    def one(request: Request, version: int, status: int = 200, /, error: str = "") -> HTMLResponse:
        try:
            told, text = kept.version_of(database, version), kept.text_of(database, version)
        except StateError as missing:
            return frame.page(request, "missing.html", 404, what=spoken_by(request).error(missing))
        live = kept.published(database)
        # what is in force is compared with the version written before it
        against = live.version if live and live.version != version else version - 1
        found = list(islice(_differences(database, against, text), MOST_DIFFERENCES + 1))
        identity = who(request)
        shown = {
            "version": _masked(told),
            "live": live,
            "against": against,
            "differences": found[:MOST_DIFFERENCES],
            "is_cut": len(found) > MOST_DIFFERENCES,
            "most": MOST_DIFFERENCES,
            "text": masked(text) if len(text) <= MOST_TEXT_CHARS else "",
            "runs": [shown_run(database, run) for run in dry_runs(database, version, SHOWN_RUNS)],
            "choices": RUN_DAYS,
            "days": USUAL_DAYS,
            "now_ms": _now_ms(),
            "may_act": identity.may(Permission.OPERATE),
            "second_person": kept.needs_second_person(database),
            "is_own": told.author == identity.user,
            "has_approved": identity.user in told.approved_by,
            "error": error,
        }
        return frame.page(request, "policy_version.html", status, **shown)

    @router.get("/policy")
    def show(request: Request) -> HTMLResponse:
        return page(request)

    @router.get("/policy/state")
    def show_state(request: Request) -> HTMLResponse:
        return frame.page(request, "policy_state.html", **state(request))

    @router.post("/policy")
    def act(request: Request, form: Form) -> Response:
        match form.get("do"):
            case "roll-back":
                identity = require(request, Permission.OPERATE)
                try:
                    kept.roll_back(database, identity.user)
                except UserError as error:
                    return page(request, 400, error=spoken_by(request).error(error))
            case "second-person":
                identity = require(request, Permission.ADMINISTER)
                kept.want_second_person(database, bool(form.get("wanted")), identity.user)
            case _:
                raise HTTPException(400, "the form does not say what is to be done")
        return RedirectResponse("/policy", 303)

    @router.get("/policy/versions/{version}")
    def show_one(request: Request, version: Id) -> HTMLResponse:
        return one(request, version)

    @router.post("/policy/versions/{version}")
    def act_on_one(request: Request, version: Id, form: Form) -> Response:
        identity = require(request, Permission.OPERATE)
        try:
            match form.get("do"):
                case "approve":
                    kept.approve(database, version, identity.user)
                case "publish":
                    kept.publish(database, version, identity.user)
                    return RedirectResponse("/policy", 303)
                case "try":
                    runs.begin(version, _days(form), identity.user)
                case _:
                    raise HTTPException(400, "the form does not say what is to be done")
        except UserError as error:
            return one(request, version, 400, error=spoken_by(request).error(error))
        return RedirectResponse(f"/policy/versions/{version}", 303)

    @router.get("/policy/runs/{run}")
    def show_run(request: Request, run: Id) -> HTMLResponse:
        found = dry_run(database, run)
        if found is None:
            raise HTTPException(404, "there is no such dry run")
        return frame.page(request, "dry_run.html", run=shown_run(database, found), now_ms=_now_ms())

    return router


def standings_of(database: Database, live: Release | None) -> list[Standing]:
    """Every enrolled probe and what it has, those to look at in front."""
    told = {one.probe: one for one in kept.probes(database)}
    found = []
    for probe in queries.probes(database):
        one = told.get(probe.probe)
        if one is None:
            found.append(Standing(probe.probe, "none", 0, 0))
            continue
        refused = one.refused and live is not None and one.refused >= live.serial
        state = "refused" if refused else "in-step" if live is None or one.serial >= live.serial else "behind"
        found.append(Standing(probe.probe, state, one.version, one.since_ms))
    order = ("refused", "behind", "in-step", "none")
    return sorted(found, key=lambda standing: (order.index(standing.state), standing.probe))


def shown_run(database: Database, run: DryRun) -> dict[str, object]:
    """A dry run with its calls, masked, in three groups: honest ones stopped or marked, others stopped or marked, those let through."""
    groups: list[list[Treated]] = [[], [], []]
    changed = run.found.changed if run.found else []
    columns = calls.c
    query = select(calls).where(columns.id.in_([one.call_id for one in changed]))
    there = {call.id: masked_call(call) for call in queries.selected_calls(database, query)} if changed else {}
    for one in changed:
        if one.call_id in there:
            stricter = _strictness(one.after) > _strictness(one.before)
            groups[0 if stricter and one.is_honest else 1 if stricter else 2].append(Treated(there[one.call_id], one))
    return {
        "run": run,
        "groups": groups,
        "gone": len(changed) - len(there),
        "counts": [(count, _strictness(count.after) > _strictness(count.before)) for count in (run.found.counts if run.found else ())],
    }


def _strictness(action: str) -> int:
    return ACTIONS.index(action) if action in ACTIONS else 0


def _masked(version: Version) -> Version:
    return replace(version, note=mask_text(version.note))


def _differences(database: Database, against: int, text: str) -> Iterator[Difference]:
    before: Tree = json.loads(kept.text_of(database, against)) if against else {}
    for one in differences(before, json.loads(text)):
        # told apart whole, shown masked: two numbers may look alike then
        yield Difference(one.place, *(_shown(one.place, value) for value in (one.before, one.after)))


def _shown(place: str, value: object) -> object:
    if isinstance(value, dict):
        return masked_entry(value)
    if place == "mark.sms" and isinstance(value, list):
        return [mask(number) for number in value]
    return mask_text(value) if place == "note" and isinstance(value, str) else value


def _days(form: Mapping[str, str]) -> int:
    days = form.get("days", "")
    return int(days) if days in map(str, RUN_DAYS) else USUAL_DAYS


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
