"""What is counted and timed while the centre works; `metrics.py` gives it to Prometheus.

Labels are templates and codes: nothing that names a person or an address.
"""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter("centre_requests", "Answers", ("method", "route", "status"))
LATENCY = Histogram(
    "centre_request_seconds", "From the request's head to its answer", ("route",), buckets=_SECONDS
)
GROUP_TURNS = Histogram(
    "centre_writer_group_turns", "Turns that shared a commit", buckets=(1, 2, 4, 8, 16, 32, 64)
)
TURN_WAIT = Histogram(
    "centre_writer_wait_seconds", "From asking for the writer's turn to having it", buckets=_SECONDS
)
DUE_RUNS = Counter("centre_due_runs", "Runs of work that was due", ("name", "outcome"))
KIOSKS_WAITING = Gauge(
    "centre_kiosks_waiting", "Kiosks that wait for a change", multiprocess_mode="livesum"
)
ROOT_EXPIRES = Gauge(
    "centre_fleet_root_expires_seconds",
    "When the root of the kiosks' configuration expires, in seconds of the epoch",
    multiprocess_mode="max",
)


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer; `route` is a template."""
    REQUESTS.labels(method if method in METHODS else "-", route, str(status)).inc()
    LATENCY.labels(route).observe(seconds)
