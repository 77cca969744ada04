"""Who called where, as a graph: numbers, the lines that they called, and the sites that the lines are at.

number --- line --- site
     \\___ line __/
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from catflap_host.portrait.sightings import Route

MOST_EDGES = 2_000
"""With more, a browser draws too slowly and nobody sees anything: trunks then stand for their lines."""


@dataclass(frozen=True, slots=True)
class Node:
    """A `number`, `line`, `trunk` or `site`; `calls` are those of the window."""

    id: str
    kind: str
    name: str
    calls: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Calls of a number to a line or trunk, or to lines of a site."""

    source: str
    target: str
    calls: int


@dataclass(frozen=True, slots=True)
class Graph:
    """`is_by_line` is false where trunks stand for their lines."""

    nodes: list[Node]
    edges: list[Edge]
    is_by_line: bool


def graph_of(names: Sequence[str], routes: Counter[Route], most_edges: int = MOST_EDGES) -> Graph:
    """The graph of calls counted by route; `names` are those of the numbers, as they may be shown. Numbers without a call are left out."""
    is_by_line = len(routes) <= most_edges
    numbers: Counter[int] = Counter()
    ends: Counter[tuple[str, str, str]] = Counter()
    sites: Counter[str] = Counter()
    edges: Counter[tuple[str, str]] = Counter()
    for route, calls in routes.items():
        end = route.probe, route.trunk, route.line if is_by_line else ""
        numbers[route.number] += calls
        ends[end] += calls
        sites[route.probe] += calls
        edges[f"n{route.number}", _end_id(end)] += calls
        edges[_end_id(end), _site_id(route.probe)] += calls
    nodes = [Node(f"n{number}", "number", names[number], calls) for number, calls in sorted(numbers.items())]
    kind = "line" if is_by_line else "trunk"
    nodes += [Node(_end_id(end), kind, " ".join(filter(None, end[1:])), calls) for end, calls in sorted(ends.items())]
    nodes += [Node(_site_id(site), "site", site, calls) for site, calls in sorted(sites.items())]
    return Graph(nodes, [Edge(source, target, calls) for (source, target), calls in sorted(edges.items())], is_by_line)


def _end_id(end: tuple[str, str, str]) -> str:
    return "l" + "/".join(end)


def _site_id(site: str) -> str:
    return "s" + site
