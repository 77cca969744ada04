"""Fetches MicroPython and what it is built with from Debian's archive, without root and without touching the system's own apt.

A private apt configuration is made of the system's sources with only the suite changed, so that mirror and proxy stay those of the machine.
"""

import os
import re
import subprocess
from pathlib import Path

SUITE = "trixie"
SOURCES = ("micropython", "mbedtls")
"""Source packages."""

TREES = ("pico-sdk-source", "tinyusb-source")
"""Packages for every architecture that hold a source tree."""

NEEDS_DEBIAN = "the firmware is built from Debian's packages, so it needs a Debian system"


class ArchiveError(Exception):
    """The archive cannot be used; the message says what to do."""


def fetch(into: Path) -> None:
    """Downloads and unpacks the packages: micropython-*, mbedtls-*, usr/src/pico-sdk and usr/src/tinyusb. Raises ArchiveError."""
    into.mkdir(parents=True, exist_ok=True)
    apt = _private_apt(into / "apt")
    _run(["apt-get", *apt, "-q", "update"], into)
    _run(["apt-get", *apt, "-q", "source", "--only-source", *SOURCES], into)
    _run(["apt-get", *apt, "-q", "download", *TREES], into)
    for package in sorted(into.glob("*.deb")):
        _run(["dpkg-deb", "-x", package.name, "."], into)


def fetch_root(into: Path, packages: tuple[str, ...], architecture: str) -> None:
    """Downloads packages of another architecture and unpacks them, all into one root for its programs; raises ArchiveError."""
    into.mkdir(parents=True, exist_ok=True)
    apt = [*_private_apt(into / "apt"), "-o", f"APT::Architecture={architecture}", "-o", f"APT::Architectures={architecture}"]
    _run(["apt-get", *apt, "-q", "update"], into)
    _run(["apt-get", *apt, "-q", "download", *packages], into)
    for package in sorted(into.glob("*.deb")):
        _run(["dpkg-deb", "-x", package.name, "root"], into)
        package.unlink()


def archive_of(system: Path) -> str:
    """The system's own Debian archive as an entry in deb822 form, its suite replaced by SUITE; raises ArchiveError where there is none.

    `system` is the root of the file system.
    """
    codename = _codename(system)
    for uri, suites, options in _entries(system / "etc/apt"):
        if codename in suites:
            lines = ["Types: deb deb-src", f"URIs: {uri}", f"Suites: {SUITE}", "Components: main"]
            return "\n".join(lines + options) + "\n"
    raise ArchiveError(
        f"apt has no source for Debian {codename}: the firmware is built from Debian's packages, so it needs a Debian system"
    )


def _entries(etc: Path) -> list[tuple[str, list[str], list[str]]]:
    """(first URI, suites, key option) of every source of binary packages, in both of apt's notations (sources.list(5))."""
    found = []
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*.list"))]:
        for line in path.read_text().splitlines() if path.exists() else []:
            one = re.match(r"deb\s+(?:\[(?P<options>[^]]*)]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+.*\bmain\b", line)
            if one:
                key = re.search(r"signed-by=(\S+)", one["options"] or "")
                found.append((one["uri"], [one["suite"]], [f"Signed-By: {key[1]}"] if key else []))
    for path in sorted((etc / "sources.list.d").glob("*.sources")):
        for paragraph in re.split(r"\n\s*\n", path.read_text()):
            fields = _fields(paragraph)
            if "deb" in fields.get("types", "").split() and "main" in fields.get("components", "").split():
                options = [f"Signed-By: {fields['signed-by']}"] if "signed-by" in fields else []
                found.append((fields["uris"].split()[0], fields["suites"].split(), options))
    return found


def _fields(paragraph: str) -> dict[str, str]:
    """The fields of a deb822 paragraph; a line that begins with a blank goes on with the one before."""
    fields: dict[str, str] = {}
    name = ""
    for line in paragraph.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            fields[name] += "\n" + line
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.lower()
            fields[name] = value.strip()
    return fields


def _codename(system: Path) -> str:
    path = system / "etc/os-release"
    match = re.search(r"^VERSION_CODENAME=\"?(\w+)", path.read_text() if path.exists() else "", re.MULTILINE)
    if not match:
        raise ArchiveError(
            "/etc/os-release names no VERSION_CODENAME: the firmware is built from Debian's packages, so it needs a Debian system"
        )
    return match[1]


def _private_apt(folder: Path) -> list[str]:
    """Options that make apt keep its state in `folder` and know nothing but SUITE."""
    for name in ("state/lists/partial", "cache/archives/partial", "sources"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "state/status").touch()
    (folder / "sources/archive.sources").write_text(archive_of(Path("/")))
    settings = {
        "Dir::State": folder / "state",
        "Dir::State::status": folder / "state/status",
        "Dir::Cache": folder / "cache",
        "Dir::Etc::SourceList": os.devnull,
        "Dir::Etc::SourceParts": folder / "sources",
        "APT::Sandbox::User": "",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _run(words: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    except FileNotFoundError:
        raise ArchiveError(f"{words[0]} is missing: {NEEDS_DEBIAN}") from None
    if done.returncode:
        raise ArchiveError(f"{words[0]} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
