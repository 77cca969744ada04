"""The ingest's answers, status by status, and that nothing unproved changes the store."""

import asyncio
import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message

from catflap_host.console.frame import make_templates
from catflap_host.console.live import row_renderer
from catflap_host.ingest import intake
from catflap_host.ingest.app import MAX_DISCARDED_BYTES, make_app
from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.counts import OUTCOMES, Counts
from catflap_host.ingest.intake import Intake
from catflap_host.language.catalogue import by_code
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.enrolment import enrol
from catflap_host.store.writer import Writer
from tests.probe_side import alert, batch, end, read_answer


@dataclass
class Ingest:
    """An ingest with one enrolled probe, `demo-a`, and its database."""

    app: ASGIApp
    key: bytes
    database: Database
    counts: Counts

    def post(self, *chunks: bytes) -> tuple[int, bytes]:
        """Send a body in chunks."""
        return asyncio.run(post(self.app, iter(chunks)))

    def stored(self) -> list[tuple[object, ...]]:
        """Everything that a batch may change but for the time of its coming."""
        tables = ("SELECT * FROM records", "SELECT * FROM calls", "SELECT * FROM alarms", "SELECT probe, boot, ack FROM boots")
        with self.database.read() as connection:
            return [tuple(row) for table in tables for row in connection.exec_driver_sql(table)]


async def post(app: ASGIApp, chunks: Iterator[bytes]) -> tuple[int, bytes]:
    """One request to `/v1/batch` without a socket: its status and answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        chunk = next(chunks, b"")
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/batch", "raw_path": b"", "query_string": b"", "headers": [], "root_path": ""}
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    data_dir = tmp_path_factory.mktemp("data")
    enrol("demo-a", data_dir, data_dir / "key")
    with closing(open_database(data_dir)) as database:
        writer = Writer(open_store(database), on_commit=lambda: None)
        writer.start()
        counts = Counts()
        app = make_app(Intake(writer, database, counts, Buckets(records_per_s=1e9, burst_records=1e9)))
        yield Ingest(app, bytes.fromhex((data_dir / "key").read_text()), database, counts)
        writer.close()


@pytest.fixture
def boot(request: pytest.FixtureRequest) -> str:
    """A boot of the test's own, since the ingest is shared."""
    return hashlib.sha256(request.node.name.encode()).hexdigest()[:16]


def test_taken_then_repeated(ingest: Ingest, boot: str) -> None:
    body = batch(ingest.key, "demo-a", 1, [alert(1), end(1)], boot=boot)
    for _ in range(2):
        status, answer = ingest.post(body)
        fields = read_answer(ingest.key, answer)
        assert (status, fields["ack"], fields["boot"], fields["retry_after_ms"], fields.get("error")) == (200, 2, boot, 0, None)
    with ingest.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM records WHERE boot = ?", (boot,)).scalar() == 2


def test_gap(ingest: Ingest, boot: str) -> None:
    status, answer = ingest.post(batch(ingest.key, "demo-a", 3, [alert(1)], boot=boot))
    fields = read_answer(ingest.key, answer)
    assert (status, fields["error"], fields["ack"]) == (409, "gap", 0)


@pytest.mark.parametrize(
    ("status", "error", "body"),
    [
        (400, "malformed", b"hello"),
        (400, "malformed", b""),
        (401, "unknown-probe", batch(bytes(32), "demo-x", 1, [alert(1)])),
        (401, "bad-mac", batch(bytes(32), "demo-a", 1, [alert(1)])),
        (401, "bad-mac", batch(bytes(32), "demo-a", 1, [{}] * 501)),
        (422, "too-deep", b"[" * 1_000 + b"\n" + b"0" * 64 + b"\n"),
        (413, "too-large", b"x" * 262_145),
    ],
)
def test_unproved_refusal_is_unsigned_and_says_why(ingest: Ingest, status: int, error: str, body: bytes) -> None:
    before = ingest.stored()
    counted = ingest.counts.batches["http", error]
    found, answer = ingest.post(body)
    fields = json.loads(answer)
    assert (found, fields["error"], bool(fields["detail"])) == (status, error, True)
    assert ingest.counts.batches["http", error] == counted + 1
    assert answer.count(b"\n") == 1, "no line with a MAC"
    assert ingest.stored() == before


@pytest.mark.parametrize(
    ("status", "error", "records"),
    [
        (413, "too-large", [{}] * 501),
        (413, "too-large", [{"k": "call", "x": "y" * 4096}]),
        (422, "too-deep", [{"k": "call", "x": json.loads("[" * 16 + "]" * 16)}]),
        (400, "malformed", [{"k": "drop", "n": 0}]),
    ],
)
def test_proved_refusal_is_signed_and_changes_nothing(ingest: Ingest, boot: str, status: int, error: str, records: list[object]) -> None:
    before = ingest.stored()
    counted = ingest.counts.batches["http", error]
    found, answer = ingest.post(batch(ingest.key, "demo-a", 1, records, boot=boot))
    fields = read_answer(ingest.key, answer)
    assert (found, fields["error"], fields["ack"]) == (status, error, 0)
    assert ingest.stored() == before
    assert ingest.counts.batches["http", error] == counted + 1


def test_every_outcome_is_one_of_those_counted(ingest: Ingest, boot: str) -> None:
    taken = batch(ingest.key, "demo-a", 1, [alert(1), end(1)], boot=boot)
    before = ingest.counts.records
    for body in (taken, taken, batch(ingest.key, "demo-a", 9, [alert(1)], boot=boot)):
        ingest.post(body)
    assert ingest.counts.records == before + 2, "what is repeated brings no more"
    assert {("http", "taken"), ("http", "repeated"), ("http", "gap")} <= set(ingest.counts.batches)
    assert {outcome for _, outcome in ingest.counts.batches} <= set(OUTCOMES)


def test_flood_waits_and_nobody_else_does(tmp_path: Path) -> None:
    keys = {}
    for probe in ("demo-a", "demo-b"):
        enrol(probe, tmp_path, tmp_path / probe)
        keys[probe] = bytes.fromhex((tmp_path / probe).read_text())
    with closing(open_database(tmp_path)) as database:
        writer = Writer(open_store(database), on_commit=lambda: None)
        writer.start()
        counts = Counts()
        app = make_app(Intake(writer, database, counts, Buckets(records_per_s=0.1, burst_records=4)))

        def send(probe: str, first: int) -> tuple[int, dict[str, Any]]:
            body = batch(keys[probe], probe, first, [alert(first), alert(first + 1)])
            status, answer = asyncio.run(post(app, iter([body])))
            return status, read_answer(keys[probe], answer)

        def forge() -> int:
            return asyncio.run(post(app, iter([batch(bytes(32), "demo-b", 1, [alert(1)] * 400)])))[0]

        assert send("demo-a", 1)[0] == 200
        status, fields = send("demo-a", 3)
        assert (status, fields["ack"], fields["retry_after_ms"] > 10_000) == (200, 4, True), "taken, and told to wait"
        status, fields = send("demo-a", 5)
        assert (status, fields["error"], fields["ack"], fields["retry_after_ms"] > 10_000) == (429, "too-fast", 4, True)
        assert [forge(), forge()] == [401, 401]
        status, fields = send("demo-b", 1)
        assert (status, fields["ack"], fields["retry_after_ms"]) == (200, 2, 0), "no forger empties its bucket"
        assert counts.batches["http", "too-fast"] == 1
        writer.close()


def test_epoch_of_a_life_that_is_over_is_refused_as_a_replay(ingest: Ingest, boot: str) -> None:
    def send(body: bytes) -> dict[str, Any]:
        return read_answer(ingest.key, ingest.post(body)[1])

    told = send(batch(ingest.key, "demo-a", 1, [], boot=boot))
    captured = batch(ingest.key, "demo-a", 1, [alert(1)], boot=boot, epoch=told["epoch"])
    assert send(captured) | {"wall_ms": 0} == told | {"ack": 1, "wall_ms": 0}
    later = send(batch(ingest.key, "demo-a", 1, [alert(1)], boot=boot[::-1]))
    assert later["epoch"] > told["epoch"], "a new boot opens an epoch"
    before = ingest.stored()
    refused = send(captured)
    assert (refused["error"], refused["epoch"], refused["ack"]) == ("replay", later["epoch"], 1)
    unknowing = send(batch(ingest.key, "demo-a", 2, [alert(2)], boot=boot, epoch=0))
    assert (unknowing["error"], unknowing["epoch"], unknowing["ack"]) == ("epoch", later["epoch"], 1)
    assert ingest.stored() == before
    again = send(batch(ingest.key, "demo-a", 2, [alert(2)], boot=boot, epoch=later["epoch"]))
    assert (again.get("error"), again["ack"], again["epoch"]) == (None, 2, later["epoch"]), "what an earlier boot left behind is taken"


def test_epoch_from_the_future_tells_of_an_older_database(ingest: Ingest, boot: str) -> None:
    told: Any = read_answer(ingest.key, ingest.post(batch(ingest.key, "demo-a", 1, [alert(1)], boot=boot))[1])["epoch"]
    restores = ingest.counts.restores
    ahead = batch(ingest.key, "demo-a", 2, [alert(2)], boot=boot, epoch=told + 1_000)
    fields: Any = read_answer(ingest.key, ingest.post(ahead)[1])
    assert (fields["error"], fields["epoch"] > told + 1_000, fields["ack"]) == ("epoch", True, 1)
    assert ingest.counts.restores == restores + 1
    again = read_answer(ingest.key, ingest.post(ahead)[1])
    assert (again["error"], again["epoch"]) == ("replay", fields["epoch"]), "sent again it opens no other"


def test_body_in_small_pieces(ingest: Ingest, boot: str) -> None:
    body = batch(ingest.key, "demo-a", 1, [alert(1)], boot=boot)
    status, answer = ingest.post(*(body[at : at + 7] for at in range(0, len(body), 7)))
    assert (status, read_answer(ingest.key, answer)["ack"]) == (200, 1)


def test_endless_body_is_read_to_a_limit(ingest: Ingest) -> None:
    read_bytes = 0

    def endless() -> Iterator[bytes]:
        nonlocal read_bytes
        while True:
            read_bytes += 65_536
            yield b"x" * 65_536

    status, answer = asyncio.run(post(ingest.app, endless()))
    assert (status, json.loads(answer)["error"]) == (413, "too-large")
    assert read_bytes <= MAX_DISCARDED_BYTES + 65_536


def test_busy_is_signed_and_keeps_the_mark(tmp_path: Path) -> None:
    enrol("demo-a", tmp_path, tmp_path / "key")
    key = bytes.fromhex((tmp_path / "key").read_text())
    with closing(open_database(tmp_path)) as database:
        writer = Writer(open_store(database), on_commit=lambda: None, max_waiting=1)
        app = make_app(Intake(writer, database, Counts(), Buckets()))

        async def two() -> tuple[int, bytes, int]:
            # the writer is not running yet, so the first waits and the second finds the queue full
            first = asyncio.create_task(post(app, iter([batch(key, "demo-a", 1, [alert(1)])])))
            await asyncio.sleep(0)
            status, answer = await post(app, iter([batch(key, "demo-a", 2, [alert(2)])]))
            writer.start()
            return status, answer, (await first)[0]

        status, answer, first_status = asyncio.run(two())
        writer.close()
    fields = read_answer(key, answer)
    assert (status, fields["error"], fields["ack"], first_status) == (503, "busy", 0, 200)
    assert fields["retry_after_ms"] == 1_000


def test_no_more_bytes_are_under_way_than_memory_is_meant_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol("demo-a", tmp_path, tmp_path / "key")
    bodies = [batch(bytes.fromhex((tmp_path / "key").read_text()), "demo-a", number, [alert(number)]) for number in (1, 2)]
    monkeypatch.setattr(intake, "MAX_UNDER_WAY_BYTES", len(bodies[0]) + len(bodies[1]) - 1)
    with closing(open_database(tmp_path)) as database:
        writer = Writer(open_store(database), on_commit=lambda: None)
        app = make_app(Intake(writer, database, Counts(), Buckets()))

        async def sent() -> list[int]:
            # the writer is not running yet, so the first is under way when the second comes
            first = asyncio.create_task(post(app, iter(bodies[:1])))
            await asyncio.sleep(0)
            refused = (await post(app, iter(bodies[1:])))[0]
            writer.start()
            return [refused, (await first)[0], (await post(app, iter(bodies[1:])))[0]]

        assert asyncio.run(sent()) == [503, 200, 200]
        writer.close()


@given(st.binary(max_size=2_000) | st.text(max_size=500).map(str.encode))
def test_random_bodies_are_malformed(ingest: Ingest, body: bytes) -> None:
    before = ingest.stored()
    status, answer = ingest.post(body)
    assert (status, json.loads(answer)["error"]) == (400, "malformed")
    assert ingest.stored() == before


MUTATIONS = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from(["set", "cut", "insert", "double"]), st.binary(min_size=1, max_size=3))
)


@given(MUTATIONS)
def test_mutated_batches_change_nothing(ingest: Ingest, mutations: list[tuple[int, str, bytes]]) -> None:
    genuine = batch(ingest.key, "demo-a", 1, [alert(1), {"k": "drop", "n": 3, "alerts": 1}, end(1)], covered=5)
    assert ingest.post(genuine)[0] == 200
    before = ingest.stored()
    body = genuine
    for place, what, data in mutations:
        at = place % (len(body) + 1)
        if what == "set":
            body = body[:at] + data + body[at + len(data) :]
        elif what == "cut":
            body = body[:at] + body[at + len(data) :]
        elif what == "insert":
            body = body[:at] + data + body[at:]
        else:
            body = body[:at] + body[at // 2 :]
    status, _ = ingest.post(body)
    assert ingest.stored() == before
    signed, _, mac = body.rstrip(b"\n").rpartition(b"\n")
    if genuine != signed + b"\n" + mac.lower() + b"\n":
        assert 400 <= status < 500


SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters())
)
FIELDS = st.sampled_from([*alert(1), *end(1), "alarm", "members"])
RECORDS = st.fixed_dictionaries(
    {"k": st.sampled_from(["alert", "call", "end", "alarm", "health", "?"])},
    optional={"trunk": SCALARS, "line": SCALARS, "call": st.integers(), "alarm": SCALARS},
).flatmap(lambda fixed: st.dictionaries(FIELDS, SCALARS | st.lists(SCALARS, max_size=3), max_size=6).map(lambda odd: odd | fixed))


@given(st.lists(RECORDS, max_size=4))
def test_genuine_batch_of_odd_records_is_kept_and_shown(ingest: Ingest, records: list[dict[str, object]]) -> None:
    before = queries.last_change(ingest.database)
    status, answer = ingest.post(batch(ingest.key, "demo-a", 1, records, boot=uuid.uuid4().hex[:16]))
    assert (status, read_answer(ingest.key, answer)["ack"]) == (200, len(records))
    render = row_renderer(make_templates(by_code("en")))
    for change in queries.changes(ingest.database, before, 10):
        name, text = render(change)
        assert name in ("call", "state")
        text.encode()
