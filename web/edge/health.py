"""For monitoring: whether the process is alive, whether it is ready for visitors, and its metrics."""

import hmac
from typing import Any

import msgspec
from litestar import Controller, MediaType, Request, Response, get
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from components import worker_watch
from components.foundation import database, queue, settings
from components.foundation.database import migrations
from components.foundation.refusals import NotFound
from components.keeping import backup_state
from components.payments.stripe_account import key_alarm
from web import client_address
from web.guards import machine

KEY_REFUSED = Gauge("clubfront_stripe_key_refused", "1 while Stripe refuses the shop's key")
JOBS = Gauge("clubfront_jobs", "Jobs by state", ["status"])

WORKER_ALIVE = Gauge(
    "clubfront_worker_last_alive_timestamp_seconds", "When a worker last said that it lives; 0 if none ever did"
)
BACKUP_MADE = Gauge("clubfront_backup_last_made_timestamp_seconds", "When the newest backup was made; 0: none")
BACKUP_PROVEN = Gauge(
    "clubfront_backup_last_proven_timestamp_seconds", "When a backup was last restored as a proof; 0 if none ever was"
)
BACKUP_TROUBLES = Gauge(
    "clubfront_backup_troubles", "How many things are wrong with backups, as staff read them: 0 is well"
)


class HealthController(Controller):
    path = "/health"
    guards = [machine]

    @get("/live")
    async def live(self) -> Response[bytes]:
        """The process answers."""
        return _said({"status": "live"})

    @get("/ready")
    async def ready(self) -> Response[bytes]:
        """The database answers and has every migration. Otherwise 503.

        A worker that is down does not make it 503, nor does a backup that failed: pages are answered. It is said, for
        whoever watches.
        """
        if not await database.is_reachable():
            return _said({"status": "not ready", "because": "the database does not answer"}, status=503)
        if pending := await migrations.pending():
            return _said({"status": "not ready", "because": f"{len(pending)} migrations are pending"}, status=503)
        return _said({"status": "ready"} | await _own_worker() | await _backups())


class UpController(Controller):
    path = "/up"
    guards = [machine]

    @get()
    async def show(self) -> Response[bytes]:
        """Where container platforms (ONCE, Kamal) ask. The same as `/health/live`: a process answers only once its
        database is up to date and everything is read."""
        return _said({"status": "live"})


class MetricsController(Controller):
    path = "/metrics"
    guards = [machine]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """For Prometheus, with METRICS_TOKEN or from where METRICS_FROM says; 404 for anybody else."""
        if not (_has_token(request) or client_address.may_read_metrics(request.scope)):
            raise NotFound
        if await database.is_reachable():
            counted = await queue.by_status()
            for status in ("todo", "doing", "failed"):
                JOBS.labels(status).set(counted.get(status, 0))
            last_alive = (await queue.current_worker_pulse()).last_alive
            WORKER_ALIVE.set(last_alive.timestamp() if last_alive else 0)
            await _measure_backups()
            KEY_REFUSED.set(await key_alarm.current() is not None)
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})


async def _own_worker() -> dict[str, str]:
    """How the worker of this process is; nothing if jobs are run elsewhere."""
    own = worker_watch.own
    if not own.is_wanted:
        return {}
    last_alive = (await queue.current_worker_pulse()).last_alive
    state = f"not running since {own.down_since:%Y-%m-%dT%H:%M:%SZ}" if own.down_since else "running"
    return {"worker": state, "worker_last_alive": last_alive.isoformat() if last_alive else "never"}


async def _backups() -> dict[str, str]:
    """Whether they are well; nothing if none are asked for and none need be. What is wrong names places and files, so
    only staff read it.
    """
    state = await backup_state.current()
    if state.troubles:
        return {"backups": "need attention"}
    return {"backups": "well"} if state.is_asked else {}


async def _measure_backups() -> None:
    state = await backup_state.current()
    BACKUP_MADE.set(state.newest_at.timestamp() if state.newest_at else 0)
    BACKUP_PROVEN.set(state.proven_at.timestamp() if state.proven_at else 0)
    BACKUP_TROUBLES.set(len(state.troubles))


def _has_token(request: Request[Any, Any, Any]) -> bool:
    wanted = settings.current().metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def _said(words: dict[str, str], *, status: int = 200) -> Response[bytes]:
    body = msgspec.json.encode(words)
    return Response(body, status_code=status, media_type=MediaType.JSON, headers={"Cache-Control": "no-store"})
