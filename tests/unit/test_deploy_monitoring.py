"""Dashboard and alert rules: every figure and label that they name is told by the aggregator."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from catflap_host.deliver.counts import DeliveryCounts
from catflap_host.ingest.counts import Counts
from catflap_host.metrics.exposition import make_exposition
from catflap_host.metrics.sources import delivery_source, ingest_source, store_source
from catflap_host.store.database import open_database

DEPLOY = Path(__file__).resolve().parents[2] / "host" / "deploy"
DASHBOARD = DEPLOY / "grafana" / "catflap.json"
RULES = DEPLOY / "prometheus" / "catflap.rules.yml"
SCRAPED = {"job", "instance"}
"""Labels that Prometheus adds."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, set[str]]]:
    """By series of an empty aggregator its labels and their values."""
    with closing(open_database(tmp_path_factory.mktemp("told"))) as database:
        sources = [ingest_source(Counts()), store_source(database), delivery_source(database, DeliveryCounts())]
        text = make_exposition(sources)().decode()
    found: dict[str, dict[str, set[str]]] = {"up": {}}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


def rules() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]
    return found


def expressions() -> Iterator[tuple[str, str]]:
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for rule in rules():
        yield rule["alert"], rule["expr"]


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_every_series_and_label_of_an_expression_is_told(told: dict[str, dict[str, set[str]]], where: str, expression: str) -> None:
    selectors = re.findall(r"([a-z_]+)\{([^}]*)\}", expression)
    assert selectors, "an expression names a series with its job"
    labels: set[str] = set()
    for series, matchers in selectors:
        assert series in told, f"{where}: no {series} is told"
        labels |= told[series].keys()
        for label, operator, value in re.findall(r'(\w+)\s*(=~|!=|=)"([^"]*)"', matchers):
            if label not in SCRAPED:
                wanted = set(value.split("|")) if operator == "=~" else {value}
                assert wanted <= told[series].get(label, set()), f"{where}: {series} has no {label}={value}"
        assert 'job="catflap"' in matchers
    for grouped in re.findall(r"by \(([^)]*)\)", expression):
        assert {label.strip() for label in grouped.split(",")} <= labels | SCRAPED, where
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]", "", expression)
    assert {name for name in re.findall(r"\b(?:catflap|process)_[a-z_]+", bare)} == {series for series, _ in selectors} - {"up"}


def test_every_figure_of_ours_is_on_the_dashboard(told: dict[str, dict[str, set[str]]]) -> None:
    shown = "\n".join(expression for _, expression in expressions())
    missing = {name for name in told if name.startswith("catflap_") and not name.endswith("_created") and f"{name}{{" not in shown}
    assert missing - {"catflap_probe_dropped_records_total"} <= {"catflap_ingest_restores_total"}


def test_panels_do_not_overlap_and_legends_name_labels_of_their_series(told: dict[str, dict[str, set[str]]]) -> None:
    cells: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        covered = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not covered & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        cells |= covered
        for target in panel["targets"]:
            known = set().union(*(told[series].keys() for series, _ in re.findall(r"([a-z_]+)\{([^}]*)\}", target["expr"]))) | SCRAPED
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= known
    assert len({panel["id"] for panel in panels()}) == len(panels())


def test_every_rule_says_how_bad_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"].keys() == {"summary", "description"}


def test_no_label_is_a_probe_or_a_number(told: dict[str, dict[str, set[str]]]) -> None:
    labels = set().union(*(labels.keys() for labels in told.values()))
    assert labels <= {"transport", "outcome", "kind", "label", "action", "version"}
