"""Users and their ways in: what opens, what no longer does, and what is on disk of it."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from catflap_host.access import attempts, credentials, entering, passwords, tables, users
from catflap_host.access.roles import Identity, Permission, Role
from catflap_host.errors import UserError
from catflap_host.store.database import FILE_NAME, Database, open_database
from tests.databases import KINDS, opened

PASSWORD = "four horses in a lift"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request, tmp_path) as database:
        with database.write() as connection:
            users.add(connection, "ada", Role.ADMINISTRATOR, True, PASSWORD)
            users.add(connection, "vera", Role.VIEWER, False, None)
        yield database


class Clock:
    """The time that credentials are told, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ms = 1_800_000_000_000
        for module in (attempts, entering, users):
            monkeypatch.setattr(module, "now_ms", lambda: self.now_ms)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_role_holds_what_the_one_below_it_does_and_unmask_is_its_own() -> None:
    may = {role: {permission for permission in Permission if Identity("u", role, False, True, "token").may(permission)} for role in Role}
    assert may[Role.VIEWER] == {Permission.VIEW}
    assert may[Role.OPERATOR] == {Permission.VIEW, Permission.OPERATE}
    assert may[Role.ADMINISTRATOR] == {Permission.VIEW, Permission.OPERATE, Permission.ADMINISTER}
    assert may[Role.PARTNER] == {Permission.MATCH}
    assert Identity("u", Role.VIEWER, True, True, "token").may(Permission.UNMASK)
    partner = Identity("p", Role.PARTNER, True, True, "token")
    assert {permission for permission in Permission if partner.may(permission)} == {Permission.MATCH, Permission.TAKE_LIST}


def test_the_right_password_of_the_right_user_only(in_full: None, database: Database) -> None:
    assert users.password_fits(database, "ada", PASSWORD)
    for name, password in (("ada", PASSWORD + "s"), ("ada", ""), ("vera", ""), ("vera", PASSWORD), ("nobody", PASSWORD), ("", "")):
        assert not users.password_fits(database, name, password), (name, password)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_on_disk_opens_anything(in_full: None, database: Database, tmp_path: Path) -> None:
    words = [
        entering.open_session(database, "ada"),
        entering.issue_token(database, "ada", "", 1),
        entering.issue_code(database, "vera"),
        PASSWORD,
    ]
    database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in kept
    assert not [word for word in words if word.encode() in kept]
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("password", ["short", "x" * 257, "aaaaaaaaaaaaaaaaaaaa", "ada-ada-ada", "Ada1234567890"[:13]])
def test_a_poor_password_is_refused_and_named(password: str) -> None:
    with pytest.raises(UserError, match="password"):
        passwords.hashed(password, "ada")


@pytest.mark.parametrize("name", ["", "-x", "a b", "a" * 65, "a\n", "<b>", "../x"])
def test_a_name_that_is_none_is_refused(database: Database, name: str) -> None:
    with database.write() as connection, pytest.raises(UserError, match="is no user name"):
        users.add(connection, name, Role.VIEWER, False, None)


def test_names_that_look_alike_are_one(database: Database) -> None:
    with database.write() as connection, pytest.raises(UserError, match="there is a user ada already"):
        users.add(connection, "ADA", Role.VIEWER, False, None)


def test_a_session_ends_by_itself_and_by_its_user(database: Database, clock: Clock) -> None:
    word = entering.open_session(database, "vera")
    for _ in range(13):  # in use every 12 hours
        assert entering.by_session(database, word) == Identity("vera", Role.VIEWER, False, False, "session")
        clock.now_ms += tables.SESSION_IDLE_MS
    assert entering.by_session(database, word)
    clock.now_ms += tables.SESSION_IDLE_MS + 1
    assert entering.by_session(database, word) is None, "idle"
    word = entering.open_session(database, "vera")
    for _ in range(15):
        entering.by_session(database, word)
        clock.now_ms += tables.SESSION_IDLE_MS
    assert entering.by_session(database, word) is None, "seven days old"
    word = entering.open_session(database, "vera")
    entering.close_session(database, word)
    assert entering.by_session(database, word) is None
    assert entering.by_session(database, credentials.digest(word)) is None


def test_a_token_counts_until_its_day_or_its_revocation(database: Database, clock: Clock) -> None:
    token = entering.issue_token(database, "vera", "metrics", 2)
    assert token.startswith("catflap_")
    assert entering.by_token(database, token) == Identity("vera", Role.VIEWER, False, False, "token")
    clock.now_ms += 2 * 86_400_000
    assert entering.by_token(database, token) is None
    token, other = entering.issue_token(database, "vera", "metrics", 2), entering.issue_token(database, "vera", "", 2)
    assert entering.revoke_tokens(database, "vera", "metrics") == 2
    assert entering.by_token(database, token) is None
    assert entering.by_token(database, other)


def test_a_code_lets_in_once(database: Database, clock: Clock) -> None:
    code = entering.issue_code(database, "vera")
    assert entering.spend_code(database, code + "x") is None
    assert entering.spend_code(database, code) == "vera"
    assert entering.spend_code(database, code) is None
    code = entering.issue_code(database, "vera")
    clock.now_ms += entering.CODE_MS
    assert entering.spend_code(database, code) is None


def test_a_disabled_user_is_out_at_once_and_for_good(database: Database) -> None:
    word, token, code = (
        entering.open_session(database, "vera"),
        entering.issue_token(database, "vera", "", 1),
        entering.issue_code(database, "vera"),
    )
    users.disable(database, "vera")
    assert entering.by_session(database, word) is None
    assert entering.by_token(database, token) is None
    assert entering.spend_code(database, code) is None
    for way_in in (entering.open_session, entering.issue_code, users.forget_password):
        with pytest.raises(UserError, match="vera is disabled"):
            way_in(database, "vera")


def test_a_new_role_counts_from_the_next_request(database: Database) -> None:
    word = entering.open_session(database, "vera")
    users.set_role(database, "vera", Role.OPERATOR, True)
    assert entering.by_session(database, word) == Identity("vera", Role.OPERATOR, True, False, "session")


def test_the_last_administrator_stays(database: Database) -> None:
    with pytest.raises(UserError, match="no administrator"):
        users.disable(database, "ada")
    with pytest.raises(UserError, match="no administrator"):
        users.set_role(database, "ada", Role.VIEWER, False)
    assert [(user.name, user.role, user.disabled) for user in users.listed(database)] == [
        ("ada", Role.ADMINISTRATOR, False),
        ("vera", Role.VIEWER, False),
    ]


def test_a_new_password_ends_the_sessions_of_the_old_one(database: Database) -> None:
    word = entering.open_session(database, "ada")
    users.set_password(database, "ada", "five horses in a lift")
    assert entering.by_session(database, word) is None
    assert not users.password_fits(database, "ada", PASSWORD)
    assert users.password_fits(database, "ada", "five horses in a lift")


def test_first_run_is_opened_by_its_code_alone(tmp_path: Path, clock: Clock) -> None:
    database = open_database(tmp_path)
    old = entering.prepare_setup(database, tmp_path)
    assert old
    first_code = old.read_text().strip()
    old.unlink()
    assert entering.prepare_setup(database, tmp_path / "..") and (tmp_path / ".." / old.name).read_text() == first_code + "\n", (
        "of all workers"
    )
    (tmp_path / ".." / old.name).unlink()
    clock.now_ms += entering.CODE_MS
    path = entering.prepare_setup(database, tmp_path)
    assert path
    code = path.read_text().strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for wrong in ("", "x", first_code):
        with pytest.raises(UserError, match="not the set-up code"):
            entering.set_up(database, tmp_path, wrong, "ada", PASSWORD)
    with pytest.raises(UserError, match="the password has 5"):
        entering.set_up(database, tmp_path, code, "ada", "short")
    assert entering.spend_code(database, code) is None, "it is nobody's"
    entering.set_up(database, tmp_path, code, "ada", PASSWORD)
    assert not path.exists()
    assert [(user.name, user.role) for user in users.listed(database)] == [("ada", Role.ADMINISTRATOR)]
    with pytest.raises(UserError, match="not the set-up code"):
        entering.set_up(database, tmp_path, code, "bob", PASSWORD)
    assert entering.prepare_setup(database, tmp_path) is None
    database.close()


def test_attempts_run_dry_by_name_and_by_address_and_come_back(database: Database, clock: Clock) -> None:
    assert [attempts.take(database, "ada", f"192.0.2.{n}") for n in range(10)] == [0] * 10
    assert attempts.take(database, "ada", "192.0.2.99") == 31
    assert attempts.take(database, "vera", "192.0.2.1") == 0, "another name is not hindered"
    clock.now_ms += 30_000
    assert attempts.take(database, "ada", "192.0.2.99") == 0
    assert attempts.take(database, "ada", "192.0.2.99") > 0
    assert [attempts.take(database, f"name-{n}", "198.51.100.1") for n in range(20)] == [0] * 20
    assert attempts.take(database, "name", "198.51.100.1") == 11
    for _ in range(30):
        assert attempts.take(database, "good", "203.0.113.1") == 0
        attempts.forgive(database, "good", "203.0.113.1")


def test_a_refused_attempt_weighs_on_nothing(database: Database, clock: Clock) -> None:
    for _ in range(30):
        attempts.take(database, "ada", "192.0.2.1")
    clock.now_ms += 30_000
    assert attempts.take(database, "ada", "192.0.2.2") == 0
