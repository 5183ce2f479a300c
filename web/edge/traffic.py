"""What is counted and logged of each answer. Labels come from short lists, whatever strangers send."""

from functools import lru_cache
from typing import Any

import structlog
from prometheus_client import Counter, Histogram

from components.foundation.operations import security_events

log = structlog.get_logger()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("clubfront_requests_total", "Requests answered", ["method", "status"])
SECONDS = Histogram(
    "clubfront_request_seconds", "Time to answer", ["route"], buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 1, 5)
)


def note(scope: Any, method: str, status: int, seconds: float) -> None:
    _count(method if method in METHODS else "other", status).inc()
    _span(scope.get("route_handler")).observe(seconds)
    if not scope["path"].startswith("/health") and scope["path"] != "/up":
        log.info("answered", method=method, path=scope["path"], status=status,
                 ms=round(seconds * 1000, 1), client=security_events.origin.get().address,
                 request_id=scope["request_id"])  # fmt: skip


@lru_cache(maxsize=200)
def _count(method: str, status: int) -> Counter:
    return REQUESTS.labels(method, str(status))


@lru_cache(maxsize=2_000)
def _span(handler: Any) -> Histogram:
    return SECONDS.labels(str(getattr(handler, "handler_name", "-")))
