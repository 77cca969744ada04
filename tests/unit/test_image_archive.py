"""The private apt configuration: the machine's own archive, with only the suite changed."""

from pathlib import Path

import pytest

from catflap_image.debian import SUITE, ArchiveError, archive_of

OS_RELEASE = 'NAME="Debian GNU/Linux"\nVERSION_CODENAME=bookworm\n'
DEB822 = """\
# the mirror of this machine
Types: deb
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main
"""


def system(folder: Path, **files: str) -> Path:
    for name, text in {"os-release": OS_RELEASE, **files}.items():
        path = folder / "etc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_mirror_and_key_stay_and_the_suite_changes(tmp_path: Path) -> None:
    entry = archive_of(system(tmp_path, **{"apt/sources.list.d/debian.sources": DEB822}))
    assert entry.splitlines() == [
        "Types: deb deb-src",
        "URIs: http://mirror.invalid/debian",
        f"Suites: {SUITE}",
        "Components: main",
        "Signed-By: /usr/share/keyrings/archive.gpg",
    ]


@pytest.mark.parametrize("name", ["apt/sources.list", "apt/sources.list.d/own.list"])
def test_the_older_notation_is_read_too(tmp_path: Path, name: str) -> None:
    unused = "# deb http://old.invalid/debian bookworm main"
    used = "deb [arch=amd64 signed-by=/etc/key.asc] http://mirror.invalid/debian bookworm contrib main"
    entry = archive_of(system(tmp_path, **{name: unused + "\n" + used + "\n"}))
    assert "URIs: http://mirror.invalid/debian\n" in entry
    assert entry.endswith("Signed-By: /etc/key.asc\n")


def test_the_security_archive_alone_is_not_enough(tmp_path: Path) -> None:
    security = DEB822.split("\n\n")[1]
    with pytest.raises(ArchiveError, match="no source for Debian bookworm"):
        archive_of(system(tmp_path, **{"apt/sources.list.d/debian.sources": security}))


def test_a_system_that_is_no_debian_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    with pytest.raises(ArchiveError, match="needs a Debian system"):
        archive_of(tmp_path)
