"""`python -m central serve`: options from flags and a file, then one process or several."""

import argparse
import json
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from central.app import build_app
from central.centre import open_centre
from central.clock import china_now
from central.database import URL, Database, StoreError
from central.files import alone
from central.hsm.opening import WAYS
from central.operation import logs, metrics, options, production
from central.operation.due import Runner
from central.operation.options import Options
from central.operation.tls import Tls
from central.operation.workers import Supervisor, metrics_folder
from central.server import Server, listen, outlive_signals
from central.trust.authority import open_authority
from regulation.rules import load_rules
from regulation.terms import load_calendar

REFUSED = 2
LOCK = "serving.lock"

log = logging.getLogger("central")


class Flag(NamedTuple):
    """A flag of `serve` and the key of `central.toml` it stands for."""

    name: str
    section: str
    key: str
    help: str
    type: Callable[[str], object] = str


FLAGS = (
    Flag("--mode", "", "mode", "development or production"),
    Flag("--port", "server", "port", "0 takes a free one (8010)", int),
    Flag("--host", "server", "host", "127.0.0.1 unless given"),
    Flag("--rules", "files", "rules", "config/rules.toml"),
    Flag("--workdays", "files", "workdays", "config/workdays.toml"),
    Flag("--oidc", "files", "oidc", "the identity provider of the console's people"),
    Flag("--tls-cert", "server", "tls_certificate", "the server's certificate and chain, PEM"),
    Flag("--tls-key", "server", "tls_key", "its key, PEM"),
    Flag("--workers", "server", "workers", "processes; more than one needs PostgreSQL", int),
    Flag("--metrics-port", "server", "metrics_port", "/metrics on 127.0.0.1", int),
    Flag("--log", "server", "log", "text or json"),
    Flag("--trust", "trust", "mode", "open (development), tls, or proxy"),
    Flag("--window", "centre", "window", "where vouchers send people"),
    Flag(
        "--agent-daily-limit", "centre", "agent_daily_limit", "applications an agent may bring", int
    ),
    Flag("--hsm", "centre", "hsm", f"where the card keys are: {WAYS}; demo: public keys"),
)


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the command to the program's."""
    serve = commands.add_parser("serve", parents=[data], help="answer kiosks over HTTP")
    serve.add_argument("--settings", type=Path, help="central.toml; flags go before it")
    for flag in FLAGS:
        serve.add_argument(flag.name, dest=_dest(flag), type=flag.type, help=flag.help)
    serve.add_argument("--client-ca", help="auto (the device CA), or a PEM file")
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)  # a supervisor's worker
    serve.set_defaults(run=_serve)


def _dest(flag: Flag) -> str:
    return f"{flag.section}.{flag.key}"


def _options(chosen: argparse.Namespace) -> Options:
    given = vars(chosen)
    flags: dict[str, dict[str, Any]] = {}
    for flag in FLAGS:
        if given[_dest(flag)] is not None:
            flags.setdefault(flag.section, {})[flag.key] = given[_dest(flag)]
    if chosen.client_ca not in {None, "auto"}:
        flags.setdefault("trust", {})["client_ca"] = chosen.client_ca
    if "tls_certificate" in flags.get("server", {}):
        flags.setdefault("trust", {}).setdefault("mode", "tls")
    return options.load(chosen.settings, flags)


def _serve(chosen: argparse.Namespace) -> int:
    told = _options(chosen)
    logs.configure(told.server.log)
    refused = production.refusals(told, chosen.data)
    if refused:
        sys.stderr.writelines(f"{sentence}\n" for sentence in refused)
        return REFUSED
    _raise_limits()
    if told.server.workers > 1 and chosen.socket is None:
        return _supervise(told, chosen)
    return _work(told, chosen)


def _work(told: Options, chosen: argparse.Namespace) -> int:
    """One process that serves."""
    rules, calendar = load_rules(told.files.rules), load_calendar(told.files.workdays)
    url = told.database_url()
    with ExitStack() as stack:
        centre = stack.enter_context(
            open_centre(chosen.data, rules, calendar, told.settings(), url=url)
        )
        if not centre.database.is_postgresql:
            stack.enter_context(alone(chosen.data / LOCK))
        listener = stack.enter_context(_listener(told, chosen))
        tls = _tls(told, centre.authority.pem if told.trust.mode == "tls" else "")
        if told.server.metrics_port is not None and chosen.socket is None:
            gauges = metrics.StoreGauges(centre.database, _times)
            told_at = metrics.serve(told.server.metrics_port, gauges)
            stack.callback(metrics.close, told_at, gauges)
        outlive_signals()
        stack.enter_context(Runner(centre))
        server = Server(build_app(centre), listener, _ready, tls)
        signal.signal(signal.SIGHUP, lambda _number, _frame: _renew(server))
        server.run()
    return 0


def _renew(server: Server) -> None:
    """On SIGHUP: the server's certificate was exchanged."""
    try:
        server.renew()
    except (StoreError, OSError) as error:
        log.error("the certificate before stays: %s", error)  # noqa: TRY400 - paths, no more
    else:
        log.info("the server's certificate was read again")


def _supervise(told: Options, chosen: argparse.Namespace) -> int:
    """Several processes at one socket."""
    url = told.database_url()
    if not (url or os.environ.get(URL)):
        raise StoreError(
            "several workers need PostgreSQL: set DATABASE_URL, or leave --workers away"
        )
    with ExitStack() as stack:
        registry = stack.enter_context(metrics_folder())
        database = stack.enter_context(Database(chosen.data, url=url))
        open_authority(chosen.data, told.trust.ca_key, told.trust.ca_certificate)
        listener = stack.enter_context(listen(told.server.host, told.server.port))
        listener.set_inheritable(True)
        if told.server.metrics_port is not None:
            gauges = metrics.StoreGauges(database, _times)
            server = metrics.serve(told.server.metrics_port, gauges, registry)
            stack.callback(metrics.close, server, gauges, registry)
        command = [sys.executable, *_program(), *sys.argv[1:], "--socket", str(listener.fileno())]
        return Supervisor(command, listener, told.server.workers).run()


def _program() -> list[str]:
    """How this program was started: by its module, or by a path."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return ["-m", "central"] if spec is not None else [sys.argv[0]]


def _listener(told: Options, chosen: argparse.Namespace) -> socket.socket:
    if chosen.socket is not None:
        return socket.socket(fileno=chosen.socket)
    return listen(told.server.host, told.server.port)


def _tls(told: Options, device_ca: str) -> Tls | None:
    certificate, key, client_ca = (
        told.server.tls_certificate,
        told.server.tls_key,
        told.trust.client_ca,
    )
    if certificate is None or key is None:
        return None
    return Tls(certificate, key, client_ca.read_text("ascii") if client_ca else device_ca)


def _times() -> dict[str, str]:
    now = china_now()
    soon = now + timedelta(days=metrics.SOON_DAYS)
    silent = now - timedelta(minutes=metrics.SILENT_MINUTES)
    return {"now": now.isoformat(), "soon": soon.isoformat(), "silent": silent.isoformat()}


def _raise_limits() -> None:
    """As many open files as the system lets this process have: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _ready(url: str) -> None:
    sys.stdout.write(json.dumps({"url": url}) + "\n")
    sys.stdout.flush()
