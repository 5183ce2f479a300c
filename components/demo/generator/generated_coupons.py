"""Codes for the weeks before Christmas, one for each year: 10% off, for whoever is not a member."""

from random import Random
from uuid import UUID

from components.catalog.scopes import Scope
from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.seasonal_calendar import at_instant
from components.pricing.coupons.coupons import CouponDiscount

MONTHS, SHARE, OFF = (11, 12), 0.12, 1000
"""When they are valid, how many of those orders use one, and basis points off."""


class CouponRows:
    """All of them are written at the end: only then is the number of its uses known, which a coupon has."""

    def __init__(self, blocks: CopiedBlocks, ids: RowIds, chance: Random) -> None:
        self.blocks, self.ids, self.chance = blocks, ids, chance
        self.coupons: dict[int, CouponDiscount] = {}
        self.uses: list[tuple[UUID, UUID, UUID | None, str, str, int]] = []

    def offered(self, plan: str, at: int) -> CouponDiscount | None:
        moment = at_instant(at)
        if plan or moment.month not in MONTHS or self.chance.random() > SHARE:
            return None
        year = moment.year
        if year not in self.coupons:
            self.coupons[year] = CouponDiscount(
                self.ids.at(at), f"FIRESIDE{year}", "10% off before Christmas", "percent", OFF, Scope("everything")
            )
        return self.coupons[year]

    def use(
        self, coupon: CouponDiscount, order: UUID, person: UUID | None, email: str, at: int, *, is_paid: bool
    ) -> None:
        self.uses.append((coupon.id, order, person, email, "used" if is_paid else "returned", at))

    def close(self) -> None:
        for year, coupon in self.coupons.items():
            began = at_instant(0).replace(year=year, month=MONTHS[0], day=1)
            used = sum(1 for use in self.uses if use[0] == coupon.id and use[4] == "used")
            self.blocks.add(
                "coupon", id=coupon.id, code=coupon.code, words=coupon.words, discount_type="percent", value=OFF,
                from_at=began, until_at=began.replace(year=year + 1, month=1), used=used, made_at=began,
            )  # fmt: skip
        for coupon_id, order, person, email, state, at in self.uses:
            self.blocks.add(
                "coupon_use", id=self.ids.at(at), coupon=coupon_id, order_id=order, person=person, email=email,
                state=state, at=at_instant(at), changed_at=at_instant(at),
            )  # fmt: skip
        self.uses.clear()
