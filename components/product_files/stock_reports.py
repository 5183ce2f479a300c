"""Stock updates through the API: all or nothing, once per idempotency key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.catalog.products import variants
from components.catalog.stock import stock
from components.foundation import clock, database, ids, json
from components.foundation.refusals import Conflict, Refusal
from components.people.api_keys import Key
from components.product_files.tables import StoredReport

KEPT = timedelta(days=30)


class DifferentReport(Conflict):
    message = "This Idempotency-Key was already used for a different request. Use a new key for each request."


class NotCounted(Refusal):
    """`position` is that of the invalid count; none of them were applied."""

    def __init__(self, position: int, words: str) -> None:
        self.position = position
        super().__init__(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The stock on hand of a variant, given by its id or SKU."""

    on_hand: int
    variant: UUID | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedVariant:
    variant: UUID
    sku: str | None
    on_hand: int


@dataclass(frozen=True, slots=True)
class Report:
    """`is_repeated`: it was applied before, and nothing was changed now."""

    counts: tuple[CountedVariant, ...]
    is_repeated: bool = False


async def apply_report(key: Key, name: str, counts: Sequence[Count]) -> Report:
    """Set what is on hand of each, by `stock.set_on_hand`. Raises `DifferentReport`, `NotCounted`.

    Of two concurrent requests with the same key, the second waits for the first and gets its result.
    """
    asked = ids.digest(json.dump(list(counts)))
    async with database.transaction():
        kept = StoredReport(id=ids.new(), key=key.id, name=name, asked=asked, at=clock.now())
        if not await StoredReport.insert(kept).on_conflict(action="DO NOTHING").returning(StoredReport.id):
            return await _before(key, name, asked)
        made = await _counted(key, counts)
        await StoredReport.update(answer=json.dump(made)).where(StoredReport.id == kept.id)
    return Report(tuple(made))


async def delete_old() -> None:
    """Scheduled: delete answers older than thirty days."""
    await StoredReport.delete().where(StoredReport.at < clock.now() - KEPT)


async def _before(key: Key, name: str, asked: bytes) -> Report:
    found = await StoredReport.objects().where(StoredReport.key == key.id, StoredReport.name == name).first()
    if found is None or bytes(found.asked) != asked:
        raise DifferentReport
    return Report(json.load_as(tuple[CountedVariant, ...], found.answer), is_repeated=True)


async def _counted(key: Key, counts: Sequence[Count]) -> list[CountedVariant]:
    """In the order of their ids, so that two requests never deadlock."""
    by_sku = await variants.by_skus(one.sku for one in counts if one.sku is not None)
    placed = [(one.variant or by_sku.get(one.sku or ""), position, one) for position, one in enumerate(counts)]
    made: dict[int, CountedVariant] = {}
    for variant_id, position, one in sorted(placed, key=lambda each: (str(each[0]), each[1])):
        if variant_id is None:
            raise NotCounted(position, "No variant has this SKU, or several have: then name it by its id.")
        if any(other.variant == variant_id for other in made.values()):
            raise NotCounted(position, "The same variant is listed twice.")
        try:
            await stock.set_on_hand(variant_id, to=one.on_hand, by=key.id)
        except Refusal as refusal:
            raise NotCounted(position, str(refusal)) from None
        made[position] = CountedVariant(variant=variant_id, sku=one.sku, on_hand=one.on_hand)
    return [made[position] for position in sorted(made)]
