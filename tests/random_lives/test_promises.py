"""The rules about what is promised of a fee: each once in an ordinary life, and two faults that they find."""

import pytest

from tests.random_lives.machine import Lives
from tests.random_lives.stage import Backstage
from tests.random_lives.test_seeded_faults import live


def promised(life: Lives) -> None:
    life.staff_put_a_discount_on(who="maya", percent_bp=2000, payments=2)
    life.join_with_a_code(who="noor", plan="deluxe", code="TWICE")
    life.months_pass(months=3)
    life.guarantees_are_settled()
    assert {"staff_put_a_discount_on", "join_with_a_code"} <= Backstage.happened.keys()
    assert [one.amount for one in life.bank().charges if one.person == life.life("maya").id] == [450, 360, 360, 450]
    life.stay_for_less(who="maya")
    assert life.life("maya").reduction is not None
    life.staff_take_the_discount_off(who="maya")
    life.cancel_by_law(who="noor")
    life.months_pass(months=2)


async def test_discounts_codes_and_offers_are_kept_in_a_life(db: None, dsn: str) -> None:
    await live(dsn, promised)


async def test_a_discount_of_another_size_than_was_promised_is_found(db: None, dsn: str) -> None:
    def told(life: Lives) -> None:
        life.staff_put_a_discount_on(who="maya", percent_bp=2000, payments=2)
        assert life.life("maya").reduction is not None
        life.life("maya").reduction.percent_bp = 1000  # type: ignore[union-attr]
        life.months_pass(months=2)

    with pytest.raises(AssertionError, match="maya was charged 360 for a renewal"):
        await live(dsn, told)


async def test_a_payment_with_it_too_many_is_found(db: None, dsn: str) -> None:
    def told(life: Lives) -> None:
        life.staff_put_a_discount_on(who="maya", percent_bp=2000, payments=None)
        assert life.life("maya").reduction is not None
        life.life("maya").reduction.left = 1  # type: ignore[union-attr]
        life.months_pass(months=3)

    with pytest.raises(AssertionError, match="maya was charged 360 for a renewal"):
        await live(dsn, told)
