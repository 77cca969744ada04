"""Sources of figures, gathered into the text that Prometheus scrapes."""

from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

Source = Callable[[], Iterable[Metric]]
"""Figures as they are now; one prefix `catflap_`, base units, never a probe, a number or another's text as a label."""


class _Gathered(Collector):
    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def describe(self) -> Iterable[Metric]:
        """Nothing: what there is, is known when it is asked for."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Ask every source."""
        for source in self._sources:
            yield from source()


def make_exposition(sources: Sequence[Source]) -> Callable[[], bytes]:
    """A function that gives the text of all sources, of this program's version, and of the process."""
    registry = CollectorRegistry()
    registry.register(_Gathered([_build, *sources]))
    ProcessCollector(registry=registry)
    return lambda: generate_latest(registry)


def _build() -> Iterable[Metric]:
    yield InfoMetricFamily("catflap_build", "This program", value={"version": version("catflap")})
