"""Pools and campaigns over all sites, the page of a pool, and its graph."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse

from catflap_host.api.masking import mask, masked_group
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.picture import DAYS, USUAL_DAYS, picture, window_of
from catflap_host.correlate.facts import PoolFacts
from catflap_host.correlate.service import Correlation
from catflap_host.correlate.views import Group
from catflap_host.language.catalogue import Language
from catflap_host.language.marking import N_
from catflap_host.portrait.graph import Graph, graph_of
from catflap_host.portrait.numbers import Portrayed, of_group
from catflap_host.portrait.sightings import routes, sightings
from catflap_host.store.database import Database

MOST_NAMED = 5
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
        return asdict(_graph(database, found[0], days))

    return router


def evidence_of(facts: PoolFacts, language: Language) -> list[tuple[str, str]]:
    """What a pool rests on, one by one: a reason's code, and a sentence with the figure to check. No digits of a number are told."""
    say, count = language.gettext, language.count
    told = [
        (
            "pool.cores",
            language.gettext(
                "%(cores)s of its %(numbers)s numbers were each taken for a SIM bank's at two sites, and never hurried.",
                cores=count(facts.cores),
                numbers=count(facts.numbers),
            ),
        )
    ]
    if facts.blocks:
        sentence = N_(
            "%(most)s of its numbers lie in one block of a thousand; %(blocks)s such blocks hold more than one, %(all)s numbers in all."
        )
        figures = {"most": facts.blocks[0].numbers, "blocks": len(facts.blocks), "all": sum(block.numbers for block in facts.blocks)}
        told.append(("pool.neighbours", say(sentence, **{name: count(n) for name, n in figures.items()})))
    for pair in facts.sites[:MOST_NAMED]:
        first, _, second = pair.name.partition("|")
        sentence = N_("%(numbers)s numbers were taken for a SIM bank's at %(first)s and at %(second)s, each by itself.")
        told.append(("pool.sites", say(sentence, numbers=count(pair.numbers), first=first, second=second)))
    for alarm in facts.alarms[:MOST_NAMED]:
        told.append(
            (
                "pool.alarm",
                language.gettext("%(numbers)s of its numbers are in alarm %(alarm)s.", numbers=count(alarm.numbers), alarm=alarm.name),
            )
        )
    if facts.returns:
        sentence = N_(
            "A number calls again after %(mean)s calls of the pool on average, give or take %(deviation)s (%(returns)s times measured). "
            "By chance the deviation would be about as large as the average; in turn it is less than half."
        )
        figures_of = {"mean": f"{facts.turn_calls:.1f}", "deviation": f"{facts.turn_deviation:.1f}", "returns": count(facts.returns)}
        told.append(("pool.turn-order", say(sentence, **figures_of)))
    return told


def _graph(database: Database, pool: Group, days: int) -> Graph:
    numbers = of_group(database, pool)[:MOST_GRAPHED]
    calls = sightings(database, numbers, window_of(database, numbers, days))
    return graph_of(_names(numbers), routes(calls))


def _names(numbers: Sequence[Portrayed]) -> list[str]:
    return [mask(number.number) for number in numbers]
