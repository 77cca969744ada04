"""The `catflap` command: what it says to a person, and what it does not import."""

import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from catflap_host import cli
from catflap_host.listener import Address, bind, is_loopback, parse_address


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"catflap {version('catflap')}\n"


@pytest.mark.parametrize("words", [["frobnicate"], ["host"], ["host", "frobnicate"]])
def test_unknown_command_is_named(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    assert f"no command '{' '.join(words)}'" in capsys.readouterr().err


def test_no_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    out = capsys.readouterr().out
    assert all(name in out and command.summary in out for name, command in cli.COMMANDS.items())


def test_users_fault_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["host", "enrol", "a b", "--data", str(tmp_path), "--key-file", str(tmp_path / "key")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("catflap: 'a b' is no probe name")
    assert error.count("\n") == 1


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "console.example:80", "127.0.0.1.example:80"])
def test_console_on_another_address_without_tls_is_refused(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["host", "run", "--data", str(tmp_path), "--listen", "127.0.0.1:0", "--console", address]) == 2
    assert "without TLS" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--listen", "nonsense"], "not HOST:PORT"),
        (["--listen", "127.0.0.1:65536"], "not HOST:PORT"),
        (["--listen", "192.0.2.1:0", "--console", "127.0.0.1:0"], "cannot listen on 192.0.2.1:0"),
        (["--tls-cert", "cert.pem"], "go together"),
    ],
)
def test_run_refuses_what_it_cannot_do(words: list[str], fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["host", "run", "--data", str(tmp_path), *words]) == 2
    assert fault in capsys.readouterr().err


def test_certificate_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cert = tmp_path / "cert.pem"
    cert.write_text("not a certificate")
    words = ["--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", "--tls-cert", str(cert), "--tls-key", str(cert)]
    assert cli.main(["host", "run", "--data", str(tmp_path), *words]) == 2
    assert f"cannot use {cert}" in capsys.readouterr().err


def test_addresses() -> None:
    assert parse_address("127.0.0.1:0") == Address("127.0.0.1", 0)
    assert parse_address("[::1]:8750") == Address("::1", 8750)
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "10.0.0.1", "localhost.example")] == [
        True
    ] * 3 + [False] * 4


def test_answers_leave_without_delay() -> None:
    with bind(Address("127.0.0.1", 0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP, "else asyncio leaves Nagle's algorithm on, 40 ms an answer"


def test_the_command_itself_imports_no_web_framework() -> None:
    program = "import sys, catflap_host.cli; sys.exit(bool({'fastapi', 'uvicorn', 'jinja2', 'sqlite3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://catflap:secret@127.0.0.1/catflap", "holds a password"),
        ("nonsense", "no address of a database"),
        ("mysql://u@h/d", "mysql"),
    ],
)
def test_database_that_cannot_be_named_so_is_refused(url: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["host", "migrate", "--data", str(tmp_path), "--database", url]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "secret" not in said


def test_database_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"postgresql://catflap@/catflap?host={tmp_path}"
    assert cli.main(["host", "migrate", "--data", str(tmp_path), "--database", url]) == 2
    assert "cannot use postgresql" in capsys.readouterr().err
