"""Stock over time: what is sold leaves it, what is fired comes in, and today as much is there as the demo has."""

from collections import defaultdict
from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.seasonal_calendar import at_instant

A_FIRING = 48
"""How many of a variant are made at once, when so many have been sold."""


class StockRows:
    """Writes movements into the blocks; the stock of a variant after all of them is what it was before."""

    def __init__(self, blocks: CopiedBlocks, ids: RowIds) -> None:
        self.blocks, self.ids = blocks, ids
        self._missing: dict[UUID, int] = defaultdict(int)

    def sold(self, variant: UUID, quantity: int, order: UUID, placed: int, paid: int) -> None:
        self._held(variant, quantity, order, placed, paid, "sold")
        self._move(variant, -quantity, "sold", paid, order)
        if self._missing[variant] >= A_FIRING:
            self._move(variant, A_FIRING, "adjustment", paid)

    def released(self, variant: UUID, quantity: int, order: UUID, placed: int, ended: int) -> None:
        self._held(variant, quantity, order, placed, ended, "released")

    def restocked(self, variant: UUID, quantity: int, refund: UUID, at: int) -> None:
        self._move(variant, quantity, "restocked", at, refund)

    def close(self, now: int) -> None:
        """The last firing makes good what is missing; what has come back too many is sorted out."""
        for variant, missing in self._missing.items():
            if missing:
                self._move(variant, missing, "adjustment", now)

    def _move(self, variant: UUID, change: int, kind: str, at: int, because_of: UUID | None = None) -> None:
        self._missing[variant] -= change
        self.blocks.add(
            "stock_movement", id=self.ids.at(at), variant=variant, change=change, kind=kind, because_of=because_of,
            at=at_instant(at),
        )  # fmt: skip

    def _held(self, variant: UUID, quantity: int, order: UUID, placed: int, ended: int, how: str) -> None:
        self.blocks.add(
            "reservation", id=self.ids.at(placed), variant=variant, quantity=quantity, because_of=order,
            until=at_instant(placed + 3_600), ended_at=at_instant(ended), ended_as=how,
        )  # fmt: skip
