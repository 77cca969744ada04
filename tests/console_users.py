"""Other users before a console that is there already."""

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.store.database import Database
from tests.console_app import Client


def another(client: Client, database: Database, name: str, role: Role, may_unmask: bool = False) -> Client:
    """Somebody else before the same console."""
    with database.write() as connection:
        users.add(connection, name, role, may_unmask, None)
    return Client(client.app, {"catflap": entering.open_session(database, name)})
