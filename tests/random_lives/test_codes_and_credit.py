"""Codes, store credit, a price that is tried and withdrawals, each once in an ordinary life; and what they find."""

import pytest

from components.experiments import exposures
from components.foundation import database
from components.foundation.money import Money
from components.memberships.renewal_credits import credit_choices
from components.messaging.notices import withdrawals
from tests.random_lives import code_rules, order_rules
from tests.random_lives.beginning import CHEAPER, GOOD_CARD
from tests.random_lives.credit_rules import OFTEN
from tests.random_lives.machine import Lives
from tests.random_lives.stage import Backstage
from tests.random_lives.test_seeded_faults import live


def with_codes(life: Lives) -> None:
    life.order_with_a_code(who="maya", card=GOOD_CARD)
    life.order_with_a_code(who="maya", card=GOOD_CARD)
    assert "MUGS" in life.life("maya").codes
    life.order_and_join_with_a_code(who="noor", joins="tryout", code="TWICE")
    assert life.life("noor").reduction is not None
    life.months_pass(months=3)
    fees = [one.amount for one in life.bank().charges if one.person == life.life("noor").id and one.agreement]
    assert fees[1:3] == [350, 350], fees
    life.cancel(who="theo", reason="")
    life.months_pass(months=3)


def with_a_term(life: Lives) -> None:
    life.buy_a_fixed_term_with_a_code(who="noor", card=GOOD_CARD)
    assert [one.source for one in life.life("noor").grants] == ["term"]
    assert [one.amount for one in life.bank().charges if one.person == life.life("noor").id] == [1500]


def with_credit(life: Lives) -> None:
    life.staff_give_store_credit(who="maya", pence=430)
    life.staff_give_store_credit(who="maya", pence=430)
    life.store_credit_is_for_renewals(who="maya", wanted=True)
    Backstage.wait(life.read("maya"))
    assert life.life("maya").next_charge == 0
    life.months_pass(months=3)
    own = [(one.amount, one.credit) for one in life.bank().charges if one.person == life.life("maya").id]
    assert sorted(own) == [(0, 450), (40, 410), (450, 0), (450, 0)]
    life.store_credit_is_for_renewals(who="maya", wanted=False)
    life.staff_give_store_credit(who="maya", pence=100)
    life.months_pass(months=1)


def with_a_price_that_is_tried(life: Lives) -> None:
    life.look_at_a_price_that_is_tried(who="noor", joins=False)
    life.look_at_a_price_that_is_tried(who="noor", joins=True)
    shown = life.life("noor").tried
    assert shown is not None and life.life("noor").fees == {shown}
    life.staff_decide_which_price(arm=0)
    life.months_pass(months=2)


def with_a_withdrawal(life: Lives) -> None:
    life.withdraw(who="noor", about="membership")
    life.ask_to_be_erased_before_that_was_seen_to(who="noor")
    life.staff_see_to_what_was_withdrawn(who="noor")
    life.delete_the_account(who="noor")
    assert life.life("noor").asked == "erased"


STORIES = (with_codes, with_a_term, with_credit, with_a_price_that_is_tried, with_a_withdrawal)


@pytest.mark.parametrize("story", STORIES)
async def test_each_is_kept_in_an_ordinary_life(db: None, dsn: str, story: object) -> None:
    await live(dsn, story)  # type: ignore[arg-type]


# what is broken once, and said


def code_twice(life: Lives) -> None:
    life.order_with_a_code(who="maya", card=GOOD_CARD)
    Backstage.wait(database.execute("UPDATE coupon SET limit_each = NULL WHERE code = 'MUGS'"))
    life.order_with_a_code(who="maya", card=GOOD_CARD)


async def test_a_code_that_can_be_used_a_second_time(db: None, dsn: str) -> None:
    with pytest.raises(AssertionError, match="maya may use it a second time"):
        await live(dsn, code_twice)


async def test_a_code_that_takes_off_another_sum(db: None, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_rules, "MUGS_OFF", 400)
    with pytest.raises(AssertionError, match=r"\(2555, 2055\)"):
        await live(dsn, with_codes)


async def test_a_code_on_the_fee_beside_an_order_for_a_payment_too_many(
    db: None, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(order_rules.CODES, "TWICE", (5000, 1))
    with pytest.raises(AssertionError, match="noor was charged 350 for a renewal"):
        await live(dsn, with_codes)


async def test_a_code_on_what_is_paid_once_that_takes_off_another_sum(
    db: None, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_rules, "TERM_OFF_BP", 1000)
    with pytest.raises(AssertionError, match="Coupon LONG"):
        await live(dsn, with_a_term)


async def test_store_credit_that_is_used_unasked(db: None, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def always(person: object) -> bool:
        return True

    def told(life: Lives) -> None:
        life.world.wakes_after = OFTEN
        life.staff_give_store_credit(who="maya", pence=430)
        life.months_pass(months=1)

    monkeypatch.setattr(credit_choices, "is_wanted", always)
    with pytest.raises(AssertionError, match="maya: 420 of store credit was used unasked"):
        await live(dsn, told)


async def test_a_page_that_leaves_store_credit_out_of_the_next_charge(
    db: None, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(person: object, due: Money, at: object) -> Money:
        return Money.zero(due.currency)

    def told(life: Lives) -> None:
        life.staff_give_store_credit(who="maya", pence=430)
        life.store_credit_is_for_renewals(who="maya", wanted=True)
        Backstage.wait(life.read("maya"))
        life.months_pass(months=1)

    monkeypatch.setattr(credit_choices, "coming", nothing)
    with pytest.raises(AssertionError, match="maya was told that 450 would be charged; it was 30"):
        await live(dsn, told)


async def test_a_lower_price_that_was_promised_and_is_gone(db: None, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(life: Lives) -> None:
        life.look_at_a_price_that_is_tried(who="noor", joins=False)
        assert life.life("noor").tried == CHEAPER
        monkeypatch.setattr(exposures, "offers", lambda *known, **how: ())
        life.look_at_a_price_that_is_tried(who="noor", joins=False)

    monkeypatch.setattr(exposures, "arm_of", lambda *drawn: 1)
    with pytest.raises(AssertionError, match="noor was told 600, and now 800"):
        await live(dsn, told)


async def test_a_withdrawal_that_is_said_to_be_refunded_and_is_not(
    db: None, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(life: Lives) -> None:
        life.order_with_a_code(who="noor", card=GOOD_CARD)
        life.withdraw(who="noor", about="order")
        life.staff_see_to_what_was_withdrawn(who="noor")

    monkeypatch.setattr(withdrawals.OpenWithdrawal, "owed", "")
    with pytest.raises(AssertionError, match="noor is said to have been refunded, and nothing was"):
        await live(dsn, told)


async def test_an_account_that_goes_before_its_withdrawal_was_seen_to(db: None, dsn: str) -> None:
    def told(life: Lives) -> None:
        life.withdraw(who="noor", about="membership")
        Backstage.wait(database.execute("UPDATE withdrawal SET settled_at = at, outcome = 'refused'"))
        life.ask_to_be_erased_before_that_was_seen_to(who="noor")

    with pytest.raises(AssertionError, match="noor has withdrawn, and nobody had seen to it"):
        await live(dsn, told)
