"""Codes, store credit, a price that is tried and withdrawals, each once in an ordinary life; and what they find."""

import pytest

from components.experiments import exposures
from components.memberships.renewal_credits import credit_choices
from components.messaging.notices import withdrawals
from tests.random_lives import code_rules, order_rules
from tests.random_lives.beginning import GOOD_CARD
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
    life.order_with_a_code(who="noor", card=GOOD_CARD)
    life.withdraw(who="noor", about="order")
    life.delete_the_account(who="noor")
    assert life.life("noor").asked != "erased"
    life.staff_see_to_what_was_withdrawn(who="noor")
    life.delete_the_account(who="noor")
    assert life.life("noor").asked == "erased"


STORIES = (with_codes, with_a_term, with_credit, with_a_price_that_is_tried, with_a_withdrawal)


@pytest.mark.parametrize("story", STORIES)
async def test_each_is_kept_in_an_ordinary_life(db: None, dsn: str, story: object) -> None:
    await live(dsn, story)  # type: ignore[arg-type]
