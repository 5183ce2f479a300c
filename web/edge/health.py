"""For monitoring: whether the process is alive, whether it is ready for visitors, and its metrics."""

import ipaddress
from typing import Any

import msgspec
from litestar import Controller, MediaType, Request, Response, get
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from components.foundation import database, queue
from components.foundation.database import migrations
from components.foundation.refusals import NotFound
from components.payments.stripe_account import key_alarm
from web.guards import machine

KEY_REFUSED = Gauge("clubfront_stripe_key_refused", "1 while Stripe refuses the shop's key")
JOBS = Gauge("clubfront_jobs", "Jobs by state", ["status"])


class HealthController(Controller):
    path = "/health"
    guards = [machine]

    @get("/live")
    async def live(self) -> Response[bytes]:
        """The process answers."""
        return _said({"status": "live"})

    @get("/ready")
    async def ready(self) -> Response[bytes]:
        """The database answers and has every migration. Otherwise 503."""
        if not await database.is_reachable():
            return _said({"status": "not ready", "because": "the database does not answer"}, status=503)
        if pending := await migrations.pending():
            return _said({"status": "not ready", "because": f"{len(pending)} migrations are pending"}, status=503)
        return _said({"status": "ready"})


class MetricsController(Controller):
    path = "/metrics"
    guards = [machine]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """For Prometheus, from this machine or a private network only; 404 for anybody else."""
        if not _is_near(request):
            raise NotFound
        if await database.is_reachable():
            counted = await queue.by_status()
            for status in ("todo", "doing", "failed"):
                JOBS.labels(status).set(counted.get(status, 0))
            KEY_REFUSED.set(await key_alarm.current() is not None)
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


def _is_near(request: Request[Any, Any, Any]) -> bool:
    """A proxy forwards the client's address: such a request does not count as near."""
    if request.headers.get("x-forwarded-for") or request.client is None:
        return False
    try:
        host = ipaddress.ip_address(request.client.host)
    except ValueError:
        return request.client.host in {"testclient", "localhost"}
    return host.is_loopback or host.is_private


def _said(words: dict[str, str], *, status: int = 200) -> Response[bytes]:
    body = msgspec.json.encode(words)
    return Response(body, status_code=status, media_type=MediaType.JSON, headers={"Cache-Control": "no-store"})
