"""Figures follow what happens, and no probe can make series without end."""

from contextlib import closing
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from catflap_host.deliver.counts import DeliveryCounts
from catflap_host.ingest.counts import Counts
from catflap_host.metrics.exposition import make_exposition
from catflap_host.metrics.sources import delivery_source, ingest_source, store_source
from catflap_host.store.database import open_database
from tests.e2e.aggregator import running
from tests.probe_side import alarm, alert, batch, end, post


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(text)
    return {(sample.name, tuple(sorted(sample.labels.values()))): sample.value for family in families for sample in family.samples}


def test_what_is_stored_and_refused_is_told(tmp_path: Path) -> None:
    with running(tmp_path / "data") as aggregator:
        key = aggregator.enrol("demo-a")
        aggregator.enrol("demo-b")
        records = [alert(1), end(1), alert(2, label="<script>", action="x" * 30), alarm(["1", "2"]), alarm(["3"], alarm="a2", kind="odd")]
        with closing(aggregator.connect_ingest()) as connection:
            assert post(connection, batch(key, "demo-a", 1, records))[0] == 200
            assert post(connection, batch(b"k" * 32, "demo-a", 6, [end(2)]))[0] == 401
        with closing(aggregator.connect_console()) as connection:
            connection.request("GET", "/metrics", headers=aggregator.headers)
            response = connection.getresponse()
            text = response.read().decode()
        assert response.getheader("content-type", "").startswith("text/plain; version=")
    found = samples(text)
    assert found["catflap_ingest_batches_total", ("http", "taken")] == 1
    assert found["catflap_ingest_batches_total", ("bad-mac", "http")] == 1
    assert found["catflap_ingest_records_total", ()] == 5
    assert found["catflap_stored_records_total", ("alert",)] == 2
    assert found["catflap_calls", ("block", "simbank")] == 1
    assert found["catflap_calls", ("other", "other")] == 1
    assert found["catflap_alarms", ("simbank",)] == 1
    assert found["catflap_alarms", ("other",)] == 1
    assert (found["catflap_probes", ()], found["catflap_probes_silent", ()]) == (2, 1)
    assert found["catflap_last_records_timestamp_seconds", ()] > 1_700_000_000
    assert found["process_resident_memory_bytes", ()] > 10_000_000
    assert "<script" not in text
    assert "demo-a" not in text


def test_series_are_the_same_before_and_after(tmp_path: Path) -> None:
    with closing(open_database(tmp_path)) as database:
        counts, delivered = Counts(), DeliveryCounts()
        tell = make_exposition([ingest_source(counts), store_source(database), delivery_source(database, delivered)])
        before = samples(tell().decode()).keys()
        counts.batches["mqtt", "gap"] += 1
        delivered.webhooks["retried"] += 2
        after = samples(tell().decode())
    assert after.keys() == before
    assert after["catflap_ingest_batches_total", ("gap", "mqtt")] == 1
    assert after["catflap_webhook_messages_total", ("retried",)] == 2
