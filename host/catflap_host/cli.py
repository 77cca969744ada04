"""The `catflap` command: finds the module of the command asked for, imports it alone and runs it."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NamedTuple

from catflap_host.errors import UserError


class Command(NamedTuple):
    """Where a command lives: a module with `add_arguments(parser)` and `run(args) -> int`, imported only when asked for."""

    module: str
    summary: str


COMMANDS = {
    "probe run": Command("catflap_host.commands.probe_run", "run a probe on this machine's lines"),
    "watch": Command("catflap_host.commands.watch", "what a probe on this machine does, in the terminal"),
    "gateway": Command("catflap_host.commands.gateway", "carry boards on USB serial to the aggregator, and lend them the trunk's memory"),
    "record": Command("catflap_host.commands.record", "write down what a probe's lines say, without deciding anything"),
    "replay": Command("catflap_host.commands.replay", "run recordings through the probe's decisions"),
    "explain": Command("catflap_host.commands.explain", "say why a recorded call was decided as it was"),
    "evaluate": Command("catflap_host.commands.evaluate", "judge a model bundle by labelled recordings, as a report"),
    "import callattendant": Command("catflap_host.commands.import_callattendant", "turn a callattendant call log into a recording"),
    "simulate": Command("catflap_host.commands.simulate", "write random trunks as recordings with labels"),
    "number": Command("catflap_host.commands.number", "say what numbers are, and whether they can be true"),
    "host enrol": Command("catflap_host.commands.host_enrol", "give a probe its key"),
    "host user": Command("catflap_host.commands.host_user", "who may use the console and the API"),
    "host webhook": Command("catflap_host.commands.host_webhook", "who is told of alarms and stopped calls"),
    "host migrate": Command("catflap_host.commands.host_migrate", "bring the aggregator's database up to date"),
    "host move": Command("catflap_host.commands.host_move", "bring the aggregator's data from SQLite into PostgreSQL"),
    "host bench": Command("catflap_host.commands.host_bench", "how many alerts a second the aggregator stores on this machine"),
    "host keep": Command("catflap_host.commands.host_keep", "how long each kind of data is kept"),
    "host rotate-keys": Command("catflap_host.commands.host_rotate_keys", "draw new keys for numbers at rest"),
    "host export": Command("catflap_host.commands.host_export", "calls as call detail records, CSV or Parquet"),
    "host report": Command("catflap_host.commands.host_report", "what came in a week or a month, as page, CSV and JSON"),
    "host trace": Command("catflap_host.commands.host_trace", "find every leg of a number's calls, as evidence that can be checked"),
    "host register": Command("catflap_host.commands.host_register", "who wants no calls, who agreed; trunks' contracts and numbers"),
    "host compliance": Command("catflap_host.commands.host_compliance", "a call centre's own calls against registers, hours and ranges"),
    "host trunk-audit": Command("catflap_host.commands.host_trunk_audit", "what trunks presented against what they were given"),
    "host partner": Command("catflap_host.commands.host_partner", "houses that we share with, by their keys"),
    "host list": Command("catflap_host.commands.host_list", "our signed list for partners, and theirs taken in"),
    "host match": Command("catflap_host.commands.host_match", "which of our numbers a partner lists, without showing them"),
    "host appeal": Command("catflap_host.commands.host_appeal", "who says that his number is stopped or listed without cause"),
    "host policy": Command("catflap_host.commands.host_policy", "what probes do with calls: lists, hours, actions, budget"),
    "host complaint": Command("catflap_host.commands.host_complaint", "complaints about calls: taken in, followed, answered, weighed"),
    "host cell": Command("catflap_host.commands.host_cell", "share the probes among several aggregators"),
    "host run": Command("catflap_host.commands.host_run", "run the aggregator: ingest for probes, console for people"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 2 with one line on stderr for what the user can put right."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = _command_name(words)
    if name is None:
        return _without_command(words)
    command = COMMANDS[name]
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(prog=f"catflap {name}", description=command.summary)
    module.add_arguments(parser)
    args = parser.parse_args(words[len(name.split()) :])
    try:
        status: int = module.run(args)
    except UserError as error:
        print(f"catflap: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _command_name(words: Sequence[str]) -> str | None:
    """The longest command that `words` begins with, or None."""
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in COMMANDS:
            return name
    return None


def _without_command(words: Sequence[str]) -> int:
    """Answer `--version` and `--help`; anything else names no command: list those there are and return 2."""
    listing = "\n".join(f"  {name:<24}{command.summary}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="catflap",
        usage="catflap COMMAND ...",
        description=f"commands:\n{listing}",
        epilog="`catflap COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"catflap {version('catflap')}")
    _, rest = parser.parse_known_args(words)
    if not rest:
        parser.print_help()
        return 2
    print(f"catflap: no command '{' '.join(rest)}'; `catflap --help` lists them", file=sys.stderr)
    return 2
