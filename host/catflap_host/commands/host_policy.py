"""`catflap host policy`: what probes do with calls, from the first draft to the probes and back."""

import argparse
import getpass
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from catflap_host.api.masking import mask, mask_text
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.unmask_options import add_unmask_options, is_unmasked
from catflap_host.errors import UserError
from catflap_host.policy import kept
from catflap_host.policy.compiling import compile_policy, no_pools
from catflap_host.policy.document import Document, DocumentError, Fault, parse
from catflap_host.policy.lists import ListError
from catflap_host.policy.masked import masked
from catflap_host.policy.registers import days_known
from catflap_host.policy.trial import Trial, try_out
from catflap_host.store.database import Database, open_database
from catflap_host.store.parties import DAY_MS
from catflap_host.triage import outcome

MAX_FILE_BYTES = 64_000_000
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="say what is wrong with a policy's file, every fault with its place")
    check.add_argument("file", type=Path, help="the policy, JSON")
    check.add_argument("--compiled", type=Path, metavar="OUT", help="write what a probe would be given, for `catflap replay --policy OUT`")
    check.set_defaults(do=_check)
    trial = actions.add_parser("try", help="which past calls would have been treated otherwise, honest ones first")
    trial.add_argument("policy", help="a file, or the number of a version")
    trial.add_argument("--days", type=int, default=30, help="how far back (default %(default)s)")
    trial.add_argument("--show", type=int, default=SHOWN, metavar="N", help="how many of the calls (default %(default)s)")
    add_unmask_options(trial)
    trial.set_defaults(do=_try)
    draft = actions.add_parser("draft", help="keep a policy's file as the next version; no probe takes it yet")
    draft.add_argument("file", type=Path, help="the policy, JSON")
    draft.add_argument("--note", default="", help="what it is for")
    draft.set_defaults(do=_draft)
    approve = actions.add_parser("approve", help="say that somebody else's version may be published")
    publish = actions.add_parser("publish", help="have probes take a version")
    for action, do in ((approve, _approve), (publish, _publish)):
        action.add_argument("version", type=int)
        action.set_defaults(do=do)
    actions.add_parser("rollback", help="have probes take the version again that was in force before").set_defaults(do=_roll_back)
    show = actions.add_parser("show", help="what is in force, versions, and which probe has what; or a version's text")
    show.add_argument("version", type=int, nargs="?", help="whose text is wanted, its numbers masked")
    add_unmask_options(show)
    show.set_defaults(do=_show)
    allowed = actions.add_parser("allowed", help="numbers that verdicts let through beside the policy's own list, and which verdict did")
    add_unmask_options(allowed)
    allowed.set_defaults(do=_allowed)
    second = actions.add_parser("second-person", help="whether a version needs the approval of another than its author")
    second.add_argument("wanted", choices=("on", "off"))
    second.set_defaults(do=_second_person)
    for action in (
        trial,
        draft,
        *(actions.choices[name] for name in ("approve", "publish", "rollback", "show", "allowed", "second-person")),
    ):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running, and compiles what is published within a second."""
    if args.action == "check":
        return _check(args)
    with closing(open_database(args.data, database_url(args))) as database:
        try:
            args.do(database, args)
        except ListError as error:
            raise UserError(f"the policy cannot be compiled: {error}") from None
    return 0


def _check(args: argparse.Namespace) -> int:
    document = _read(args.file)
    try:
        compiled = compile_policy(document, "1", no_pools, (), datetime.now(UTC), days_known(document.country)).with_serial(1)
        if args.compiled:
            args.compiled.write_bytes(compiled)
    except ListError as error:
        raise UserError(f"{args.file}: {error}") from None
    except OSError as error:
        raise UserError(f"{args.compiled} cannot be written: {error.strerror}; name another file") from None
    print(f"{args.file} is in order: {len(document.allow)} entries allow, {len(document.deny)} deny; {len(compiled)} bytes on a probe")
    return 0


def _try(database: Database, args: argparse.Namespace) -> None:
    document = kept.document_of(database, int(args.policy)) if args.policy.isdecimal() else _read(Path(args.policy))
    if not 1 <= args.days <= 3_650 or not 0 <= args.show <= 100_000:
        raise UserError("--days takes 1 to 3650, --show 0 to 100000")
    is_whole = is_unmasked(database, args, f"policy try {args.policy}")
    now_ms = time.time_ns() // 1_000_000
    # the running aggregator alone knows the pools
    _tell(try_out(database, document, no_pools, now_ms - args.days * DAY_MS, now_ms + DAY_MS, args.show), is_whole)


def _tell(trial: Trial, is_whole: bool) -> None:
    print(f"{trial.calls} calls" + (f", of {trial.numberless} the number is kept no more" if trial.numberless else ""))
    for count in trial.counts:
        print(f"{count.before} -> {count.after}: {count.calls} calls, {count.honest} of them honest")
    for one in trial.changed:
        moment = datetime.fromtimestamp(one.at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        number = one.calling if is_whole else mask(one.calling)
        words = [
            moment,
            f"{one.probe}/{one.trunk}/{one.line}",
            number or "-",
            one.label,
            str(one.score),
            "honest" if one.is_honest else "-",
        ]
        print("\t".join([*words, f"{one.before} -> {one.after}", ";".join(one.reasons)]))


def _draft(database: Database, args: argparse.Namespace) -> None:
    text = _text(args.file)
    _parsed(args.file, text)
    print(f"version {kept.draft(database, text, _user(), args.note)}")


def _approve(database: Database, args: argparse.Namespace) -> None:
    kept.approve(database, args.version, _user())


def _publish(database: Database, args: argparse.Namespace) -> None:
    print(f"version {args.version} is in force: serial {kept.publish(database, args.version, _user()).serial}")


def _roll_back(database: Database, _: argparse.Namespace) -> None:
    release = kept.roll_back(database, _user())
    print(f"version {release.version} is in force again: serial {release.serial}")


def _show(database: Database, args: argparse.Namespace) -> None:
    if args.version is not None:
        text = kept.text_of(database, args.version)
        print(text if is_unmasked(database, args, f"policy {args.version}") else masked(text))
        return
    newest = kept.published(database)
    second = "a second person has to approve" if kept.needs_second_person(database) else "nobody has to approve"
    if newest is None:
        print(f"no policy is in force; {second}")
    else:
        size = f"{newest.bytes} bytes" if newest.bytes else "not compiled yet"
        print(f"version {newest.version} is in force: serial {newest.serial}, {size}, {newest.why} by {newest.who}; {second}")
    for version in kept.versions(database, SHOWN):
        approved = f"approved by {', '.join(version.approved_by)}" if version.approved_by else "-"
        print("\t".join([f"version {version.version}", version.author, approved, version.note]))
    for probe in kept.probes(database):
        has = f"version {probe.version}" if probe.version else "none"
        state = f"refused serial {probe.refused}" if probe.refused else "behind" if newest and probe.serial < newest.serial else "in step"
        print("\t".join([f"probe {probe.probe}", has, f"serial {probe.serial}", state]))


def _allowed(database: Database, args: argparse.Namespace) -> None:
    is_whole = is_unmasked(database, args, "numbers let through")
    for one in outcome.allowed(database):
        number, reason = (one.number, one.reason) if is_whole else (mask(one.number), mask_text(one.reason))
        moment = datetime.fromtimestamp(one.since_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        print("\t".join([number, f"alarm {one.alarm_id}", f"verdict {one.verdict_id}", moment, one.who, reason]))


def _second_person(database: Database, args: argparse.Namespace) -> None:
    kept.want_second_person(database, args.wanted == "on", _user())


def _user() -> str:
    return f"{getpass.getuser()} on the console"


def _read(path: Path) -> Document:
    """The policy in a file. Raises UserError, with every fault in it."""
    return _parsed(path, _text(path))


def _parsed(path: Path, text: str) -> Document:
    try:
        return parse(text)
    except DocumentError as error:
        raise UserError(_listed(path, error.faults)) from None


def _listed(path: Path, faults: Sequence[Fault]) -> str:
    return f"{path} is no policy to be taken:\n" + "\n".join(f"  {fault}" for fault in faults)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path} has over {MAX_FILE_BYTES} bytes, too many for a policy")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}; name a policy's file") from None
