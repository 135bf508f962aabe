"""What Prometheus reads: the counters of `counters.py`, and gauges of the store's queues.

With several workers the numbers of all are added (PROMETHEUS_MULTIPROC_DIR, `workers.py`).
"""

import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from central.database import Database
from central.fleet.records import RETIRED, RolloutState

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Query:
    """A gauge read from the store: rows of label and number (or time), or one number alone.

    `always` are labels that are told with 0 where there is no row: what was never told before
    cannot be seen to rise.
    """

    name: str
    help: str
    label: str
    sql: str
    always: tuple[str, ...] = ()


QUERIES = (
    Query(
        "centre_cases",
        "Cases by state",
        "state",
        "SELECT state, count(*) FROM application GROUP BY state",
    ),
    Query(
        "centre_notices_waiting",
        "Notices that no gateway has taken yet",
        "",
        "SELECT '', count(*) FROM notice WHERE state = 'WAITING'",
    ),
    Query(
        "centre_card_writes_open",
        "Card writes that are neither confirmed nor reversed",
        "state",
        "SELECT state, count(*) FROM card_write WHERE state IN ('PREPARED', 'STARTED') "
        "GROUP BY state",
    ),
    Query(
        "centre_certificates_ending",
        "Certificates of devices in use whose last five days have begun",
        "",
        "SELECT '', count(*) FROM device_certificate WHERE ends_at > :now AND ends_at < :soon "
        "AND used_at IS NOT NULL",
    ),
    Query(
        "centre_kiosks",
        "Kiosks by the state they told of last",
        "state",
        "SELECT r.state, count(*) FROM fleet_report r JOIN fleet_kiosk k ON k.id = r.kiosk "
        'WHERE k."group" <> :retired GROUP BY r.state',
    ),
    Query(
        "centre_kiosks_silent",
        "Kiosks that reported once and have not for five minutes",
        "",
        "SELECT '', count(*) FROM fleet_report r JOIN fleet_kiosk k ON k.id = r.kiosk "
        'WHERE k."group" <> :retired AND r.seen_at < :silent',
    ),
    Query(
        "centre_kiosk_documents",
        "Kiosks by what became of the configuration they shall have",
        "outcome",
        "SELECT d.outcome, count(*) FROM fleet_document d JOIN fleet_kiosk k ON k.id = d.kiosk "
        'AND k.revision = d.revision WHERE k."group" <> :retired GROUP BY d.outcome',
    ),
    Query(
        "centre_rollouts",
        "Rollouts by state",
        "state",
        "SELECT state, count(*) FROM fleet_rollout GROUP BY state",
        tuple(RolloutState),
    ),
    Query(
        "centre_kiosk_log_checkpoint_at_seconds",
        "When the last checkpoint of a kiosk's log was countersigned, in seconds of the epoch; of "
        "kiosks that reported in the last five minutes",
        "kiosk",
        "SELECT kiosk, at FROM (SELECT k.id AS kiosk, (SELECT max(c.taken_at) FROM "
        "fleet_log_checkpoint c WHERE c.kiosk = k.id) AS at FROM fleet_kiosk k JOIN fleet_report r "
        'ON r.kiosk = k.id WHERE r.seen_at >= :silent AND k."group" <> :retired) AS newest '
        "WHERE at IS NOT NULL",
    ),
    Query(
        "centre_kiosk_logs_forked",
        "Times that a kiosk's log was another than it had been",
        "",
        "SELECT '', count(*) FROM audit_entry WHERE action = 'log.forked'",
    ),
    Query("centre_audit_rows", "Rows of the audit", "", "SELECT '', max(seq) FROM audit_entry"),
)
SOON_DAYS = 5
SILENT_MINUTES = 5
KEPT_S = 15.0


class StoreGauges(Collector):
    """The queries' gauges, asked at most every 15 seconds; none while the store does not answer."""

    def __init__(self, database: Database, times: Any, queries: Iterable[Query] = QUERIES) -> None:
        self._database, self._times, self._queries = database, times, tuple(queries)
        self._kept: list[GaugeMetricFamily] = []
        self._at = -KEPT_S

    def collect(self) -> Generator[GaugeMetricFamily]:
        """What Prometheus reads now."""
        if time.monotonic() - self._at >= KEPT_S:
            try:
                self._kept = [self._ask(query) for query in self._queries]
            except SQLAlchemyError:
                self._kept = []  # the store's absence is told by /readyz
            self._at = time.monotonic()
        yield from self._kept

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked when the collector is registered."""
        return []

    def _ask(self, query: Query) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            query.name, query.help, labels=(query.label,) if query.label else ()
        )
        with self._database.read() as session:
            told = self._times() | {"retired": RETIRED}
            rows = session.execute(text(query.sql), told)
            for label, number in (dict.fromkeys(query.always, 0) | dict(iter(rows))).items():
                value = _seconds(number) if isinstance(number, str) else number
                family.add_metric((label,) if query.label else (), value or 0)
        return family


def _seconds(time: str) -> float:
    """A time of the store in seconds of the epoch."""
    return datetime.fromisoformat(time).timestamp()


def serve(port: int, gauges: Collector, registry: CollectorRegistry = REGISTRY) -> Any:
    """Answer `/metrics` on loopback, in a thread; port 0 takes a free one. Gives the server.

    Raises `OSError` when the port is taken. `close` it with the gauges it was given.
    """
    registry.register(gauges)
    server, _thread = start_http_server(port, HOST, registry)
    return server


def close(server: Any, gauges: Collector, registry: CollectorRegistry = REGISTRY) -> None:
    """Stop answering."""
    server.shutdown()
    server.server_close()
    registry.unregister(gauges)
