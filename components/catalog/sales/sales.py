"""Sales: a lower price for everybody on some variants or collections, from one instant to another.

No two sales cover the same variant at the same time. Once a sale has begun only its end may change: the past prices
must stay as they were, because the lowest price of 30 days is calculated from them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.catalog.sales.sale_rules import SaleDetails, SaleRefused, check, lock_sales
from components.catalog.scopes import stored_scope
from components.catalog.snapshot import snapshot_refresh
from components.catalog.tables import SalePrice
from components.foundation import audit, clock, ids, json
from components.foundation.database import transaction
from components.foundation.refusals import Conflict, NotFound

AT_ONCE = timedelta(minutes=2)
"""A start this recently in the past means "now": a form shows whole minutes only."""


class UnknownSale(NotFound):
    message = "We could not find that sale."


class NotEndedEarly(Conflict):
    message = "This sale was not ended early, or it has been started again already."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSale:
    """A sale as stored."""

    id: UUID
    details: SaleDetails
    withdrawn_at: datetime | None
    stopped_at: datetime | None
    planned_until: datetime | None

    def may_resume(self, at: datetime) -> bool:
        """Whether it was ended before its time, and that is not over."""
        if self.withdrawn_at is not None:
            return self.details.until_at is None or self.details.until_at > at
        return self.stopped_at is not None and (self.planned_until is None or self.planned_until > at)

    def state(self, at: datetime) -> str:
        """to come, running, over or withdrawn."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.details.from_at is not None and at < self.details.from_at:
            return "to come"
        return "over" if self.details.until_at is not None and self.details.until_at <= at else "running"


async def all_sales() -> tuple[StoredSale, ...]:
    """The newest first."""
    rows = SalePrice.objects().order_by(SalePrice.from_at, SalePrice.id, ascending=False)
    return tuple(_stored(row) for row in await rows)


async def by_id(sale_id: UUID) -> StoredSale:
    row = await SalePrice.objects().where(SalePrice.id == sale_id).first()
    if row is None:
        raise UnknownSale
    return _stored(row)


def variants_reached(details: SaleDetails) -> tuple[UUID, ...]:
    """The products it affects, according to this process's snapshot."""
    return tuple(product.id for product in snapshot_refresh.snapshot().products if details.scope.touches(product))


async def create(details: SaleDetails, *, by: UUID | None = None) -> UUID:
    """Raises `SaleRefused`, naming the field, for invalid details."""
    sale_id, now = ids.new(), clock.now()
    from_at = details.from_at or now
    if from_at < now - AT_ONCE:
        raise SaleRefused("from_at", "That date has passed. Leave it empty to start straight away.")
    async with transaction():
        await lock_sales()
        await check(details, from_at, besides=sale_id)
        await SalePrice.insert(SalePrice(id=sale_id, made_at=now, **_columns(details, from_at)))
        await _note(by, "sale created", sale_id, None, _columns(details, from_at))
    return sale_id


async def revise(sale_id: UUID, details: SaleDetails, *, by: UUID | None = None) -> None:
    """Save these details; of a sale that has begun only the end may change."""
    async with transaction():
        await lock_sales()
        stored = await by_id(sale_id)
        state = stored.state(clock.now())
        if state in ("over", "withdrawn"):
            raise SaleRefused("until_at", "This sale has ended. Create a new one.")
        from_at = details.from_at or clock.now()
        if state == "running":
            if _differs(stored.details, details):
                raise SaleRefused(
                    "name", "This sale has started: only its end can be changed. End it and create another."
                )
            from_at = stored.details.from_at or from_at
        elif from_at < clock.now() - AT_ONCE:
            raise SaleRefused("from_at", "That date has passed. Leave it empty to start straight away.")
        await check(details, from_at, besides=sale_id)
        wanted = _columns(details, from_at)
        await SalePrice.update(**wanted).where(SalePrice.id == sale_id)
        await _note(by, "sale changed", sale_id, _columns(stored.details, stored.details.from_at), wanted)


async def end(sale_id: UUID, *, by: UUID | None = None) -> None:
    """End it now: a running sale ends, a future one never begins."""
    async with transaction():
        await lock_sales()
        stored, now = await by_id(sale_id), clock.now()
        state = stored.state(now)
        if state in ("over", "withdrawn"):
            return
        wanted: dict[str, Any] = {"withdrawn_at": now}
        if state == "running" and stored.details.from_at != now:
            wanted = {"until_at": now, "stopped_at": now, "planned_until": stored.details.until_at}
        await SalePrice.update(**wanted).where(SalePrice.id == sale_id)
        await _note(by, "sale ended", sale_id, None, wanted)


async def resume(sale_id: UUID, *, by: UUID | None = None) -> UUID:
    """Take back that it was ended: until the end it had. Returns the id of the sale that runs then.

    At once it is as if it had never ended. Later it begins anew, as a sale of its own: what was asked in between has to
    stay readable. Raises `NotEndedEarly`, and `SaleRefused` for what has changed meanwhile.
    """
    async with transaction():
        await lock_sales()
        stored, now = await by_id(sale_id), clock.now()
        if stored.withdrawn_at is None and stored.stopped_at is None:
            raise NotEndedEarly
        if not stored.may_resume(now):
            raise SaleRefused("until_at", "The end it had has passed meanwhile. Create a new sale.")
        begins = max(stored.details.from_at or now, now) if stored.stopped_at is None else now
        until = stored.details.until_at if stored.stopped_at is None else stored.planned_until
        details = replace(stored.details, until_at=until)
        await check(details, begins, besides=sale_id)
        running = sale_id
        if stored.stopped_at is None:
            await _reopen(sale_id, withdrawn_at=None, from_at=begins)
        elif now - stored.stopped_at <= AT_ONCE:
            await _reopen(sale_id, until_at=until, stopped_at=None, planned_until=None)
        else:
            await _reopen(sale_id, stopped_at=None, planned_until=None)
            running = ids.new()
            await SalePrice.insert(SalePrice(id=running, made_at=now, **_columns(details, now)))
        await _note(by, "sale started again", running, None, _columns(details, begins))
    return running


async def _reopen(sale_id: UUID, **wanted: Any) -> None:
    await SalePrice.update(**wanted).where(SalePrice.id == sale_id)


def _differs(stored: SaleDetails, wanted: SaleDetails) -> bool:
    begins_elsewhere = (
        wanted.from_at is not None and stored.from_at is not None and _minute(wanted.from_at) != _minute(stored.from_at)
    )
    same = (stored.name, stored.scope, stored.discount_type, stored.value) == (
        wanted.name,
        wanted.scope,
        wanted.discount_type,
        wanted.value,
    )
    return begins_elsewhere or not same


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _columns(details: SaleDetails, from_at: datetime | None) -> dict[str, Any]:
    return {
        "name": details.name.strip(),
        "scope_kind": details.scope.kind,
        "scope_ids": sorted(details.scope.ids),
        "discount_type": details.discount_type,
        "value": details.value,
        "from_at": from_at,
        "until_at": details.until_at,
    }


def _stored(row: SalePrice) -> StoredSale:
    details = SaleDetails(
        name=row.name,
        scope=stored_scope(row.scope_kind, row.scope_ids),
        discount_type=row.discount_type,
        value=row.value,
        from_at=row.from_at,
        until_at=row.until_at,
    )
    ends = {"withdrawn_at": row.withdrawn_at, "stopped_at": row.stopped_at, "planned_until": row.planned_until}
    return StoredSale(id=row.id, details=details, **ends)


async def _note(
    by: UUID | None, what: str, sale_id: UUID, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    if by is not None:
        before = None if before is None else json.to_plain(before)
        await audit.record(by, what, "sale", sale_id, before=before, after=json.to_plain(after))
