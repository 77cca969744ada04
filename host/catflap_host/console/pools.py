"""Pools and campaigns over all sites, the page of a pool, and its graph."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse

from catflap_host.api.masking import mask, masked_group
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.picture import DAYS, USUAL_DAYS, picture, window_of
from catflap_host.console.pool_evidence import evidence_of
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.views import Group
from catflap_host.language.marking import N_
from catflap_host.portrait.graph import Graph, graph_of
from catflap_host.portrait.numbers import Portrayed, of_group
from catflap_host.portrait.sightings import routes, sightings
from catflap_host.store.database import Database

MOST_GRAPHED = 500

Name = Annotated[str, Path(pattern=r"^pool-[0-9]{1,20}$")]
Days = Annotated[int, Query(ge=1, le=max(DAYS))]


def make_router(database: Database, correlation: Correlation, frame: Frame) -> APIRouter:
    """`/pools`, `/pools/{name}`, and `/pools/{name}/graph` with its data."""
    router = APIRouter(include_in_schema=False)

    def missing(request: Request) -> HTMLResponse:
        words = N_("There is no such pool; it never was, or it has fallen silent or become part of another.")
        return frame.page(request, "missing.html", 404, what=spoken_by(request).gettext(words))

    @router.get("/pools")
    def list_of(request: Request) -> HTMLResponse:
        pools, campaigns = ([masked_group(group) for group in groups] for groups in (correlation.pools(), correlation.campaigns()))
        return frame.page(request, "pools.html", pools=pools, campaigns=campaigns)

    @router.get("/pools/{name}")
    def show(request: Request, name: Name, days: Days = USUAL_DAYS) -> HTMLResponse:
        found = correlation.pool(name)
        if found is None:
            return missing(request)
        pool, facts = found
        drawn = picture(database, of_group(database, pool), [member.first_ms for member in pool.members], days, spoken_by(request))
        evidence = evidence_of(facts, spoken_by(request))
        return frame.page(request, "pool.html", pool=masked_group(pool), evidence=evidence, picture=drawn, days=days, choices=DAYS)

    @router.get("/pools/{name}/graph")
    def graph(request: Request, name: Name, days: Days = USUAL_DAYS) -> HTMLResponse:
        found = correlation.pool(name)
        if found is None:
            return missing(request)
        pool, _ = found
        drawn = _graph(database, pool, days)
        return frame.page(
            request,
            "pool_graph.html",
            pool=masked_group(pool),
            graph=drawn,
            names={node.id: node for node in drawn.nodes},
            days=days,
            choices=DAYS,
        )

    @router.get("/pools/{name}/graph/data")
    def graph_data(name: Name, days: Days = USUAL_DAYS) -> dict[str, Any]:
        found = correlation.pool(name)
        if found is None:
            raise HTTPException(404, "there is no such pool")
        drawn = _graph(database, found[0], days)
        # asdict would copy each of some thousand texts
        return {
            "nodes": [{"id": node.id, "kind": node.kind, "name": node.name, "calls": node.calls} for node in drawn.nodes],
            "edges": [{"source": edge.source, "target": edge.target, "calls": edge.calls} for edge in drawn.edges],
            "is_by_line": drawn.is_by_line,
        }

    return router


def _graph(database: Database, pool: Group, days: int) -> Graph:
    numbers = of_group(database, pool)[:MOST_GRAPHED]
    seen = sightings(database, numbers, window_of(database, numbers, days))
    return graph_of(_names(numbers), routes(seen.calls))


def _names(numbers: Sequence[Portrayed]) -> list[str]:
    return [mask(number.number) for number in numbers]
