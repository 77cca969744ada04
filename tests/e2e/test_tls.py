"""The uplink over HTTPS: an aggregator that the probe's ca_file vouches for is believed, any other is not."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import running
from tests.exchange.cellular import SIMCOM
from tests.exchange.playing import play_to_probe
from tests.exchange.trunk import Trunk, TrunkLine

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
PLAN = [PlannedCall(0.0, 0, "01062345678", "shown", "", 8.0, None, 0.0, "legit", "", "")]


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for this machine's loopback address, and its key."""
    cert, key = folder / f"{name}.pem", folder / f"{name}-key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    return cert, key


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
@pytest.mark.parametrize("is_vouched_for", [True, False])
@runtimes.BOTH
def test_records_go_only_to_an_aggregator_that_is_vouched_for(tmp_path: Path, runtime_name: str, is_vouched_for: bool) -> None:
    runtime = runtimes.find(runtime_name)
    cert, key = certificate(tmp_path, "aggregator")
    ca = cert if is_vouched_for else certificate(tmp_path, "stranger")[0]
    with running(tmp_path / "data", ["--tls-cert", str(cert), "--tls-key", str(key)]) as aggregator:
        aggregator.enrol("played")
        uplink = {"url": aggregator.ingest, "key_file": str(tmp_path / "played.key"), "ca_file": str(ca)}
        _, made = asyncio.run(play_to_probe(TRUNK, PLAN, runtime, {"uplink": uplink}, tmp_path))
        stored = aggregator.get("/summary")["records"]
    assert made["end"] == 1
    assert stored.get("end", 0) == (1 if is_vouched_for else 0)
    assert bool(list((tmp_path / "state" / "spool").glob("*.log"))) != is_vouched_for
