"""Whether Stripe refuses our key: an alarm for staff, since waiting does not help.

The row is written outside the transaction in which the refused call was made, at most once a minute and process. Any
answer from Stripe ends the alarm about the key; what a restricted key may not do is an alarm for a day after the last
refusal.
"""

import asyncio
import hashlib
import re
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context, ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import stripe
import structlog

from components.foundation import clock, database, settings
from components.foundation.database import Query
from components.payments.payment_refusals import StripeKeyRefused
from components.payments.tables import StripeKeyAlarm

AGAIN_SECONDS = 60.0
PATIENCE_SECONDS = 2.0
PERMISSION_LASTS = timedelta(days=1)
_KEY = re.compile(r"\b[sr]k_(?:test|live)_\S+")
log = structlog.get_logger()


@dataclass(frozen=True)
class KeyAlarm:
    """`kind` is `key` (nothing works) or `permission` (a restricted key lacks one)."""

    kind: str
    since: datetime
    detail: str


class _Known:
    """What this process has written last, so that most calls write nothing."""

    written: dict[str, float] = {}
    is_clear = False


_trying: ContextVar[bool] = ContextVar("trying", default=False)


@contextmanager
def trying() -> Iterator[None]:
    """A check asks what the key may do: that it may not is the answer, and no alarm. A refused key still is one."""
    token = _trying.set(True)
    try:
        yield
    finally:
        _trying.reset(token)


async def raised(refused: stripe.StripeError) -> StripeKeyRefused:
    """Log and record that Stripe refused the key; the refusal to raise."""
    is_permission = isinstance(refused, stripe.PermissionError)
    detail = _KEY.sub("(hidden)", str(refused.user_message or refused))[:300].rstrip(".") + "."
    if is_permission and _trying.get():
        return StripeKeyRefused(detail=detail, is_permission=True)
    log.error("Stripe refuses our key", permission=is_permission, words=detail)
    await _aside(_record("permission" if is_permission else "key", detail))
    return StripeKeyRefused(detail=detail, is_permission=is_permission)


async def answered() -> None:
    """Stripe accepted the key: an alarm about it is over."""
    if not _Known.is_clear:
        _Known.is_clear = True
        await _aside(_end())


async def _record(kind: str, detail: str) -> None:
    if time.monotonic() - _Known.written.get(kind, -AGAIN_SECONDS) < AGAIN_SECONDS:
        return
    await database.execute(_RECORD, _fingerprint(), kind, clock.now(), detail)
    _Known.written[kind] = time.monotonic()
    _Known.is_clear = _Known.is_clear and kind != "key"


_RECORD = """
INSERT INTO stripe_key_alarm (id, key_fingerprint, kind, since, last_at, detail, ended_at)
VALUES (gen_random_uuid(), $1, $2, $3::timestamptz, $3, $4, NULL)
ON CONFLICT (key_fingerprint, kind) DO UPDATE SET last_at = $3, detail = $4, ended_at = NULL,
  since = CASE WHEN stripe_key_alarm.ended_at IS NULL AND stripe_key_alarm.last_at > $3::timestamptz - interval '1 day'
          THEN stripe_key_alarm.since ELSE $3 END
"""


async def _end() -> None:
    its = (StripeKeyAlarm.kind == "key") | (StripeKeyAlarm.key_fingerprint != _fingerprint())
    await StripeKeyAlarm.update({StripeKeyAlarm.ended_at: clock.now()}).where(StripeKeyAlarm.ended_at.is_null(), its)
    _Known.written.pop("key", None)


async def _aside(work: Coroutine[Any, Any, None]) -> None:
    """In a task and a context of its own, so outside the caller's transaction. Without a database (a terminal command)
    it is not recorded; the log has it."""
    troubles = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
    with suppress(*troubles):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.create_task(work, context=Context())


def query() -> Query[KeyAlarm | None]:
    """The alarm of the present key, the worse first; None when there is none."""
    return Query(_ALARM, (_fingerprint(), clock.now() - PERMISSION_LASTS), _read)


_ALARM = """
SELECT json_build_object('kind', kind, 'since', since, 'detail', detail) FROM stripe_key_alarm
WHERE key_fingerprint = $1 AND ended_at IS NULL AND (kind = 'key' OR last_at > $2) ORDER BY kind LIMIT 1
"""


def _read(found: Any) -> KeyAlarm | None:
    return KeyAlarm(found["kind"], datetime.fromisoformat(found["since"]), found["detail"]) if found else None


async def current() -> KeyAlarm | None:
    (found,) = await database.batch(query())
    return found  # type: ignore[no-any-return]


def _fingerprint() -> str:
    return hashlib.sha256(settings.current().stripe_secret_key.encode()).hexdigest()[:16]
