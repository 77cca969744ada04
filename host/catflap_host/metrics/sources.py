"""What the parts of the aggregator have to tell: the ingest, the store, the deliveries."""

import time
from collections import Counter
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy import func, select

from catflap_host.console.wellbeing import is_silent
from catflap_host.deliver import outbox
from catflap_host.deliver.counts import SYSLOG_OUTCOMES, WEBHOOK_OUTCOMES, DeliveryCounts
from catflap_host.ingest.counts import OUTCOMES, Counts
from catflap_host.language.words import ACTIONS, LABELS
from catflap_host.metrics.exposition import Source
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.tables import alarms, call_counts

TRANSPORTS = ("http", "mqtt", "nats")
OTHER = "other"
"""Stands for every word that the protocol does not name, lest a faulty probe makes series without end."""


def ingest_source(counts: Counts) -> Source:
    """What came in since the start."""

    def source() -> Iterable[Metric]:
        batches = CounterMetricFamily("catflap_ingest_batches", "Batches by what became of them", labels=("transport", "outcome"))
        for transport in TRANSPORTS:
            for outcome in OUTCOMES:
                # named before the first one, so that a rate sees it
                batches.add_metric((transport, outcome), counts.batches[transport, outcome])
        yield batches
        yield CounterMetricFamily("catflap_ingest_records", "Records of batches that brought news", counts.records)
        yield CounterMetricFamily("catflap_ingest_restores", "Batches of an epoch that this database is too old for", counts.restores)

    return source


def store_source(database: Database) -> Source:
    """What is stored, and how the probes are."""

    def source() -> Iterable[Metric]:
        records = CounterMetricFamily("catflap_stored_records", "Records stored by kind", labels=("kind",))
        for kind, count in queries.summary(database).records.items():
            records.add_metric((kind,), count)
        yield records
        calls = GaugeMetricFamily("catflap_calls", "Calls by label and action; a label may change later", labels=("label", "action"))
        for (label, action), count in sorted(_calls(database).items()):
            calls.add_metric((label, action), count)
        yield calls
        raised = GaugeMetricFamily("catflap_alarms", "Alarms kept, by kind", labels=("kind",))
        for kind, count in sorted(_alarms(database).items()):
            raised.add_metric((kind,), count)
        yield raised
        yield from _probes(database)

    return source


def delivery_source(database: Database, counts: DeliveryCounts) -> Source:
    """What left for webhooks and syslog, and what waits."""

    def source() -> Iterable[Metric]:
        tries = CounterMetricFamily("catflap_webhook_messages", "Tries to deliver to webhooks", labels=("outcome",))
        for outcome in WEBHOOK_OUTCOMES:
            tries.add_metric((outcome,), counts.webhooks[outcome])
        yield tries
        hooks = outbox.webhooks(database)
        yield GaugeMetricFamily(
            "catflap_webhook_waiting_messages", "Messages that wait for their webhook", sum(hook.waiting for hook in hooks)
        )
        yield GaugeMetricFamily(
            "catflap_webhook_given_up_messages", "Messages not delivered for five days", sum(hook.given_up for hook in hooks)
        )
        sends = CounterMetricFamily("catflap_syslog_messages", "Syslog messages sent, and sends that failed", labels=("outcome",))
        for outcome in SYSLOG_OUTCOMES:
            sends.add_metric((outcome,), counts.syslog[outcome])
        yield sends

    return source


def _calls(database: Database) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter({(label, action): 0 for label in LABELS for action in ACTIONS})
    query = select(call_counts.c.label, call_counts.c.action, func.sum(call_counts.c.n)).group_by(call_counts.c.label, call_counts.c.action)
    with database.read() as connection:
        for label, action, count in connection.execute(query):
            found[label if label in LABELS else OTHER, action if action in ACTIONS else OTHER] += int(count)
    return found


def _alarms(database: Database) -> Counter[str]:
    found: Counter[str] = Counter(dict.fromkeys(LABELS, 0))
    with database.read() as connection:
        for kind, count in connection.execute(select(alarms.c.kind, func.count()).group_by(alarms.c.kind)):
            found[kind if kind in LABELS else OTHER] += count
    return found


def _probes(database: Database) -> Iterable[Metric]:
    probes = queries.probes(database)
    now_ms = time.time_ns() // 1_000_000
    heard = [probe for probe in probes if probe.last_batch_ms]
    yield GaugeMetricFamily("catflap_probes", "Probes enrolled", len(probes))
    yield GaugeMetricFamily(
        "catflap_probes_silent", "Probes not heard for longer than a quiet line explains", sum(is_silent(probe, now_ms) for probe in probes)
    )
    yield CounterMetricFamily("catflap_probe_dropped_records", "Records that probes had to drop", sum(probe.dropped for probe in probes))
    yield CounterMetricFamily("catflap_probe_dropped_alerts", "Alerts among them", sum(probe.dropped_alerts for probe in probes))
    yield GaugeMetricFamily(
        "catflap_probe_clock_error_max_seconds",
        "Error of the worst clock among the probes heard",
        max((abs(probe.clock_error_ms) for probe in heard), default=0) / 1000,
    )
    yield GaugeMetricFamily(
        "catflap_last_records_timestamp_seconds",
        "When any probe last brought records, in Unix time",
        max((probe.last_useful_ms for probe in probes), default=0) / 1000,
    )
