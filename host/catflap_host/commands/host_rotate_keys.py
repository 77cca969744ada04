"""`catflap host rotate-keys`: new keys for what is stored from now on, and the end of the old ones."""

import argparse
from contextlib import closing
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.errors import UserError
from catflap_host.store import keys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data_options(parser)
    parser.add_argument("--retire", action="store_true", help="bring what old keys have sealed under the newest, then destroy the old ones")


def run(args: argparse.Namespace) -> int:
    """Draw the next version, beside which the old ones stay to be read with; or destroy these, once nothing needs them."""
    url = database_url(args)
    if args.retire:
        return _retire(args.data, url)
    version = keys.rotate(args.data)
    print(f"version {version} of the keys is written with from the aggregator's next start on; take a new backup of the key file")
    return 0


def _retire(data_dir: Path, url: str) -> int:
    # only this needs SQLAlchemy
    from catflap_host.store.alone import alone
    from catflap_host.store.database import FILE_NAME, open_database
    from catflap_host.store.resealing import retire

    ring = keys.load(data_dir)
    if len(ring) == 1:
        raise UserError(f"version {max(ring)} is the only one; rotate-keys without --retire draws the next")
    if not url and (data_dir / FILE_NAME).exists():
        # whoever starts from now on writes with the newest
        alone(data_dir / FILE_NAME).close()
    with closing(open_database(data_dir, url)) as database:
        outcome = retire(database)
    retired = ", ".join(map(str, keys.retire(data_dir)))
    print(f"{outcome.resealed} rows brought under version {max(ring)}; destroyed: {retired}")
    print("take a new backup of the key file, and destroy the old ones with the databases that they belong to")
    return 0
