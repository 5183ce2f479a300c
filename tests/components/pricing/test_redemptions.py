"""Coupons are used exactly as often as they may be, however many try at once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.pricing.coupons import editing, queries, redemptions
from components.pricing.coupons.editing import CouponDetails, CouponRefused
from components.pricing.coupons.eligibility import Redeemer, StoredCoupon
from components.pricing.coupons.redemptions import CouponGone
from components.pricing.invariants import invariants
from tests.support.meanwhile import Meanwhile

pytestmark = pytest.mark.usefixtures("db")
HOUR = timedelta(hours=1)


async def coupon(**rest: Any) -> StoredCoupon:
    given: dict[str, Any] = {"code": "FIRSTFIRE", "words": "10% off", "discount_type": "percent", "value": 1000, **rest}
    return await queries.by_id(await editing.create(CouponDetails(**given)))


async def redeem(
    kept: StoredCoupon, *, person_id: UUID | None = None, email: str = "", order_id: UUID | None = None
) -> bool:
    try:
        async with database.transaction():
            await redemptions.reserve(order_id or ids.new(), kept.coupon, person_id=person_id, email=email)
    except CouponGone:
        return False
    return True


async def used() -> int:
    return int(await database.fetch_value("SELECT used FROM coupon"))


async def test_two_hundred_at_once_use_up_exactly_what_there_is() -> None:
    kept = await coupon(limit_total=37)
    outcomes = await asyncio.gather(*(redeem(kept, email=f"{n}@kiln.test") for n in range(200)))
    assert sum(outcomes) == 37 == await used()
    assert await database.fetch_value("SELECT count(*) FROM coupon_use") == 37
    assert await invariants() == []


async def test_one_person_in_two_hundred_windows_uses_it_as_often_as_she_may() -> None:
    kept, noor = await coupon(limit_each=2), ids.new()
    windows = (redeem(kept, person_id=noor, email="noor@kiln.test") for _ in range(200))
    assert sum(await asyncio.gather(*windows)) == 2 == await used()
    assert await invariants() == []


async def test_a_guest_is_known_by_the_e_mail() -> None:
    kept = await coupon(limit_each=1)
    assert await redeem(kept, email="noor@kiln.test")
    assert not await redeem(kept, person_id=ids.new(), email="noor@kiln.test")
    assert await redeem(kept, email="maya@kiln.test")


async def test_one_mailbox_is_one_person_however_it_is_spelt() -> None:
    kept = await coupon(limit_each=1)
    assert await redeem(kept, email="M.aya+kiln@googlemail.com")
    assert not await redeem(kept, email="maya@gmail.com")
    assert not await redeem(kept, email="maya+2@gmail.com")


async def test_two_coupons_for_a_first_order_in_two_hundred_windows_are_one() -> None:
    ones = [await coupon(first_order_only=True), await coupon(code="WELCOME", first_order_only=True)]
    outcomes = await asyncio.gather(*(redeem(ones[n % 2], email="noor@kiln.test") for n in range(40)))
    assert sum(outcomes) == 1
    assert await redeem(ones[0], email="maya@kiln.test")
    assert await invariants() == []


async def test_a_first_order_paid_after_it_lapsed_and_another_one_was_placed_has_its_coupon_late() -> None:
    one, other = await coupon(first_order_only=True), await coupon(code="WELCOME", first_order_only=True)
    order = ids.new()
    assert await redeem(one, email="noor@kiln.test", order_id=order)
    await redemptions.restore(order)
    assert await redeem(other, email="noor@kiln.test")
    await redemptions.use(order)
    assert await database.fetch_value("SELECT state FROM coupon_use WHERE order_id = $1", order) == "late"
    assert await invariants() == []


async def test_a_late_payment_and_another_order_of_the_same_person_wait_for_one_another_in_one_order() -> None:
    kept, order = await coupon(first_order_only=True), ids.new()
    assert await redeem(kept, email="noor@kiln.test", order_id=order)
    await redemptions.restore(order)
    paying = Meanwhile(redemptions.use(order))
    async with database.transaction():
        await database.execute("UPDATE coupon SET used = used")
        await paying.begins()
        await take_turns("first:noor@kiln.test")
    await paying.task
    assert await used() == 1 and await invariants() == []


async def test_an_order_that_lapses_gives_its_use_back_once() -> None:
    kept, order = await coupon(limit_total=1), ids.new()
    assert await redeem(kept, order_id=order) and not await redeem(kept)
    await redemptions.restore(order)
    await redemptions.restore(order)
    assert await used() == 0 and await redeem(kept)
    assert await invariants() == []


async def test_an_order_paid_after_it_lapsed_never_breaks_the_limit() -> None:
    kept, late, soon = await coupon(limit_total=1), ids.new(), ids.new()
    await redeem(kept, order_id=late)
    await redemptions.restore(late)
    await redeem(kept, order_id=soon)
    for order in (late, late, soon):
        await redemptions.use(order)
    states = {row["state"] for row in await database.fetch("SELECT state FROM coupon_use")}
    assert states == {"late", "used"} and await used() == 1
    await redemptions.restore(soon)
    assert await used() == 1 and await invariants() == []


async def test_every_invariant_is_noticed_when_it_is_broken() -> None:
    kept = await coupon(limit_each=1)
    await redeem(kept, email="noor@kiln.test")
    await database.execute("UPDATE coupon SET used = 5")
    await database.execute(
        """INSERT INTO coupon_use (id, coupon, order_id, email, state, at, changed_at)
        VALUES ($1, $2, $3, $4, 'used', $5, $5)""",
        ids.new(), kept.id, ids.new(), "noor@kiln.test", clock.now(),
    )  # fmt: skip
    assert await invariants() == [
        "Coupon FIRSTFIRE: 5 uses counted, 2 kept",
        "Coupon FIRSTFIRE: used 2 times by one person, 1 allowed",
    ]


@pytest.mark.parametrize(
    ("moved", "words"), [(-1, "starts on 2 March"), (0, ""), (1, ""), (3599, ""), (3600, "ended on")]
)
async def test_its_dates_are_half_open(moved: int, words: str, at: datetime) -> None:
    begins = at + 24 * HOUR
    kept = await coupon(from_at=begins, until_at=begins + HOUR)
    when = begins + timedelta(seconds=moved)
    assert words in kept.refusal(Redeemer(when)) and bool(words) == bool(kept.refusal(Redeemer(when)))
    with clock.frozen(when):
        assert await redeem(kept) == (not words)


async def test_who_may_not_use_it_is_told_why(at: datetime) -> None:
    members = await coupon(plans=("kiln-club",))
    assert members.refusal(Redeemer(at)) == "FIRSTFIRE is for members only. If you’re a member, sign in and try again."
    assert members.refusal(Redeemer(at, frozenset({"kiln-club"}))) == ""
    first = await coupon(code="NEW", first_order_only=True)
    assert "first order" in first.refusal(Redeemer(at, has_ordered=True, is_known=True))
    assert not first.refusal(Redeemer(at, is_known=True)) and "Sign in" in first.refusal(Redeemer(at))


async def test_a_withdrawn_coupon_is_gone(at: datetime) -> None:
    kept = await coupon()
    await editing.withdraw(kept.id)
    assert not await redeem(kept)
    assert (await queries.by_id(kept.id)).refusal(Redeemer(at)) == "FIRSTFIRE is no longer available."


@pytest.mark.parametrize("typed", ["FIRSTFIRE", "firstfire", " First Fire ", "first\tfire"])
async def test_capitals_and_spaces_make_no_difference(typed: str) -> None:
    await coupon()
    found = await queries.by_code(typed)
    assert found is not None and found.coupon.code == "FIRSTFIRE"


async def test_a_limit_cannot_go_below_what_is_used() -> None:
    kept = await coupon(limit_total=3)
    await redeem(kept)
    await redeem(kept)
    with pytest.raises(CouponRefused, match="already been used 2 times") as refused:
        details = CouponDetails(code="FIRSTFIRE", words="10% off", discount_type="percent", value=1000, limit_total=1)
        await editing.revise(kept.id, details)
    assert refused.value.field == "limit_total"
