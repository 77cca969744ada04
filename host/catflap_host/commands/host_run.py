"""`catflap host run`: the aggregator."""

import argparse
import asyncio
import logging
import resource
from contextlib import suppress
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.deliver.syslog import parse_receiver
from catflap_host.errors import UserError
from catflap_host.ingest.broker import parse_broker
from catflap_host.language.catalogue import by_code, languages
from catflap_host.listener import TlsFiles, parse_address
from catflap_host.reports.period import DEFAULT_ZONE, zone_of
from catflap_host.reports.schedule import Schedule
from catflap_host.server import Settings, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data_options(parser)
    parser.add_argument(
        "--listen", default="127.0.0.1:8750", metavar="HOST:PORT", help="for probes (default %(default)s; port 0: a free one)"
    )
    parser.add_argument(
        "--console",
        default="127.0.0.1:8751",
        metavar="HOST:PORT",
        help="page and API (default %(default)s); with TLS wherever others can reach it",
    )
    parser.add_argument(
        "--tls-cert", type=Path, metavar="FILE", help="certificate, PEM, for the probes' side and for a console that others can reach"
    )
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its key, PEM")
    parser.add_argument(
        "--complaints",
        metavar="HOST:PORT",
        help="a public page where anybody can complain about a call; with TLS wherever others can reach it",
    )
    parser.add_argument("--syslog", metavar="URL", help="tell alarms and stopped calls to udp://HOST, tcp://HOST:PORT or tls://HOST:PORT")
    parser.add_argument("--syslog-ca", type=Path, metavar="FILE", help="who vouches for a syslog receiver over TLS, PEM")
    parser.add_argument("--issuer", default="catflap", metavar="NAME", help="our name in what other houses are given (default %(default)s)")
    parser.add_argument("--reports", type=Path, metavar="DIR", help="write each week's and each month's report into this folder")
    parser.add_argument("--reports-lang", choices=[language.code for language in languages()], default="zh", help="in which language")
    parser.add_argument("--reports-zone", default=DEFAULT_ZONE, metavar="NAME", help="zone whose days they count (default %(default)s)")
    parser.add_argument("--mqtt", metavar="URL", help="hear probes at this MQTT broker too, mqtts://[USER@]HOST:PORT or mqtt://")
    parser.add_argument(
        "--nats",
        metavar="URL",
        help="share the probes at these NATS servers with other workers: nats://HOST:PORT or tls://, several with commas",
    )
    parser.add_argument("--cell", default="", metavar="NAME", help="send away probes that belong to another cell than this one (host cell)")
    parser.add_argument("--broker-ca", type=Path, metavar="FILE", help="certificates to know brokers by, PEM; without it the machine's own")
    parser.add_argument("--broker-password-file", type=Path, metavar="FILE", help="the password of USER, in a file for its owner only")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    logging.basicConfig(level=logging.WARNING, format="catflap: %(levelname)s %(name)s: %(message)s")
    settings = _settings(args)
    _allow_many_connections()
    asyncio.run(serve(settings))
    return 0


def _allow_many_connections() -> None:
    """Let as many files be open as we may ask for: what a shell grants, often 1,024, is too few for thousands of probes."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _settings(args: argparse.Namespace) -> Settings:
    if (args.tls_cert is None) != (args.tls_key is None):
        raise UserError("--tls-cert and --tls-key go together; give both or none")
    tls = TlsFiles(args.tls_cert, args.tls_key) if args.tls_cert else None
    syslog = parse_receiver(args.syslog, args.syslog_ca) if args.syslog else None
    wanted = {"mqtt": args.mqtt, "nats": args.nats}
    brokers = [parse_broker(protocol, url, args.broker_ca, args.broker_password_file) for protocol, url in wanted.items() if url]
    reports = Schedule(args.reports, by_code(args.reports_lang), zone_of(args.reports_zone)) if args.reports else None
    try:
        listen, console = parse_address(args.listen), parse_address(args.console)
        complaints = parse_address(args.complaints) if args.complaints else None
        return Settings(
            args.data, listen, console, tls, syslog, tuple(brokers), args.issuer, database_url(args), args.cell, complaints, reports
        )
    except ValueError as error:
        raise UserError(f"{error}; write for instance 127.0.0.1:8750") from None
