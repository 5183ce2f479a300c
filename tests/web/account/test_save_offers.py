"""Save offers: in which state which one is offered, what comes of it, and that cancelling stays two clicks."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.foundation.consistency import invariant_walks
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import pauses
from components.memberships.billing.states import current_states
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.discounts import fee_discounts
from components.memberships.editing import plans
from components.memberships.facts import PlanChangePlanned
from components.memberships.keeping_members import (
    offers_made,
    offers_taken,
    save_offer_invariants,
    save_offers,
    save_results,
)
from components.memberships.keeping_members.save_offers import OfferUsed
from components.payments.discounting import subscription_discounts
from components.payments.payment_refusals import StripeUnavailable
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

DOCUMENT = (Path(__file__).parents[3] / "docs" / "memberships.md").read_text()
PAGE, DAY = "/account/membership/cancellation", timedelta(days=1)
OUTCOMES = {
    "the page is opened", "a pause is taken within a day", "the smaller plan is chosen within a day",
    "the discount is accepted", "accepted twice", "accepted in two windows", "accepted again within its months",
    "after its months", "somebody else's", "ended by staff meanwhile", "Stripe refuses", "cancelled all the same",
}  # fmt: skip


async def a_member(shop: Shop) -> tuple[Browser, UUID, UUID]:
    plan = await make_plans.club(price=900, interval="month", slug="monthly")
    small = await plans.create(slug="small", name="Small", summary="", price=400, interval="month", by=None)
    dear = await plans.create(slug="dear", name="Dear", summary="", price=1900, interval="month", by=None)
    browser = await join_members.joins(shop, plan)
    await save_offers.add(reason="price", kind="discount", percent_bp=2000, payments=2, every_months=12, by=None)
    await save_offers.add(reason="price", kind="downgrade", to_plan=small, by=None)
    await save_offers.add(reason="choice", kind="downgrade", to_plan=dear, by=None)
    await save_offers.add(reason="use", kind="pause", by=None)
    return browser, await join_members.person(), (await join_members.subscription())["id"]  # type: ignore[return-value]


async def shown(subscription: UUID) -> dict[str, offers_made.OfferMade]:
    return {one.kind: one for one in await offers_made.show(await current_states.of_subscription(subscription))}


async def results() -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """From the raw rows, without any SQL of the shop's."""
    offers = {one["id"]: one for one in await database.fetch("SELECT * FROM save_offer")}
    ends = {one["id"]: one["ended_at"] for one in await database.fetch("SELECT id, ended_at FROM subscription")}
    found = {(one["reason"], one["kind"]): [0, 0, 0, 0] for one in offers.values()}
    for row in await database.fetch("SELECT * FROM save_offer_shown"):
        counts = found[offers[row["offer"]]["reason"], offers[row["offer"]]["kind"]]
        counts[0] += 1
        counts[1] += row["accepted_at"] is not None
        if row["accepted_at"] and clock.now() - row["accepted_at"] >= 90 * DAY:
            counts[2] += 1
            end = ends[row["subscription"]]
            counts[3] += end is None or end - row["accepted_at"] > 90 * DAY
    return {key: tuple(counts) for key, counts in found.items()}  # type: ignore[misc]


async def reported() -> dict[tuple[str, str], tuple[int, int, int, int]]:
    found = await save_results.by_offer()
    assert await results() == {(one.reason, one.kind): (one.shown, one.accepted, one.aged, one.kept) for one in found}
    return await results()


async def test_every_state_and_outcome_of_the_tables(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    part = DOCUMENT.split("## Save offers")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| \*\*(.+?)\*\* \|", part, re.M)) == OUTCOMES
    maya, person, subscription = await a_member(shop)
    current = await current_states.of_subscription(subscription)
    for state in MembershipState:
        offered = {one.kind for one in await offers_made.show(replace(current, state=state))}
        assert offered == ({"pause", "downgrade", "discount"} if state is MembershipState.ACTIVE else set()), state
    page = await maya.get(PAGE)
    assert "20% off your next 2 payments: you pay £7.20 instead of £9.00." in page.words
    assert "Change to Small: £4.00 a month instead of £9.00." in page.words and "Dear" not in page.words
    buttons = re.findall(r"<(?:button|a)[^>]*class=\"button[^>]*>\s*([^<]+?)\s*<", page.text)
    assert buttons[0] == "Cancel membership" and "Stay with the discount" in buttons[1:]
    assert await reported() == {("price", "discount"): (1, 0, 0, 0), ("price", "downgrade"): (1, 0, 0, 0),
                                ("choice", "downgrade"): (0, 0, 0, 0), ("use", "pause"): (1, 0, 0, 0)}  # fmt: skip
    offer = (await shown(subscription))["discount"].id
    with pytest.raises(NotFound):
        await save_offers.accept_discount(offer, person_id=(await people.customer("noor@kiln.test")).id)
    with monkeypatch.context() as broken:
        broken.setattr(subscription_discounts, "put", _unreachable)
        with pytest.raises(StripeUnavailable):
            await save_offers.accept_discount(offer, person_id=person)
    assert (await reported())["price", "discount"][1] == 0
    offer = (await shown(subscription))["discount"].id
    (row,) = await database.fetch("SELECT offer FROM save_offer_shown WHERE id = $1", offer)
    await database.execute("UPDATE save_offer SET ended_at = now() WHERE id = $1", row["offer"])
    refused = await maya.post(f"{PAGE}/offers/{offer}", {})
    assert "This offer isn’t available any more" in refused.words and await fee_discounts.running(subscription) is None
    await database.execute("UPDATE save_offer SET ended_at = NULL WHERE id = $1", row["offer"])
    offer = (await shown(subscription))["discount"].id
    for _ in range(2):
        taken = await maya.post(f"{PAGE}/offers/{offer}", {})
        assert "Your membership goes on, with 20% off your next 2 payments." in taken.words
    on = await fee_discounts.running(subscription)
    assert on is not None and on.source == "offer" and on.left == 2
    assert (
        await database.fetch_value("SELECT count(*) FROM fee_discount WHERE source = 'offer' AND begun_at IS NOT NULL")
        == 1
    )
    assert "discount" not in await shown(subscription)
    await _again(subscription, person)
    await _others(shop, maya, subscription)


async def test_a_plan_costs_less_when_it_does_in_a_year(shop: Shop) -> None:
    """£4.50 a month is dearer than £39.00 a year; £3.00 a month is not."""
    year = await make_plans.club(price=3900, interval="year", slug="annual")
    for slug, price, reason in (("dear", 450, "price"), ("small", 300, "choice")):
        to = await plans.create(slug=slug, name=slug.title(), summary="", price=price, interval="month", by=None)
        await save_offers.add(reason=reason, kind="downgrade", to_plan=to, by=None)
    maya = await join_members.joins(shop, year)
    page = await maya.get(PAGE)
    assert "Change to Small: £3.00 a month instead of £39.00 a year." in page.words and "Dear" not in page.words


async def _unreachable(*_: Any, **__: Any) -> Any:
    raise StripeUnavailable


async def _again(subscription: UUID, person: UUID) -> None:
    """The guard of its months: by person, in two windows, and until they are over."""
    await database.execute("UPDATE fee_discount SET ended_at = now(), why_ended = 'used' WHERE source = 'offer'")
    for after, may in ((30, False), (364, False), (367, True)):
        with clock.frozen(clock.now() + after * DAY):
            assert await save_offers.had_lately(person, 12) is not may
    assert "discount" not in await shown(subscription)
    second = await save_offers.add(reason="else", kind="discount", percent_bp=1000, by=None)
    sql = """INSERT INTO save_offer_shown (id, offer, subscription, person, shown_at, seen_at)
      SELECT gen_random_uuid(), $1, $2, $3, $4, $4 RETURNING id"""
    late = await database.fetch_value(sql, second, subscription, person, clock.now())
    with pytest.raises(OfferUsed):
        await save_offers.accept_discount(late, person_id=person)
    await database.execute("UPDATE save_offer_shown SET accepted_at = accepted_at - interval '400 days'")
    offers = await offers_made.show(await current_states.of_subscription(subscription))
    first = next(one.id for one in offers if (one.reason, one.kind) == ("price", "discount"))
    assert first != late
    both = await asyncio.gather(
        *(save_offers.accept_discount(one, person_id=person) for one in (first, late)), return_exceptions=True
    )
    assert sum(isinstance(one, Refusal) for one in both) == 1, both
    assert await invariant_walks.sentences(save_offer_invariants.RULES) == []


async def _others(shop: Shop, maya: Browser, subscription: UUID) -> None:
    before = await reported()
    await shown(subscription)
    await pauses.start(subscription, until=clock.now() + 60 * DAY)
    await shop.catch_up()
    assert (await reported())["use", "pause"][1] == before["use", "pause"][1] + 1
    await pauses.end(subscription)
    await shop.catch_up()
    await database.execute(
        """INSERT INTO plan_change (id, subscription, to_version, currency, asked_at, due_at)
           SELECT gen_random_uuid(), $1, v.id, 'GBP', $2, $2 FROM plan_version v JOIN plan p ON p.id = v.plan
           WHERE p.slug = 'small'""",
        subscription, clock.now() + 20 * DAY,
    )  # fmt: skip
    await offers_taken.plan_taken(PlanChangePlanned(subscription, subscription))
    assert (await reported())["price", "downgrade"][1] == 1
    await database.execute("DELETE FROM plan_change")
    page = await maya.submit(await maya.get(PAGE), PAGE, reason="price")
    assert "Membership cancelled." in page.words
    clock.set_everywhere(clock.now() + 95 * DAY)
    await shop.catch_up()
    found = await reported()
    assert found["use", "pause"][2:] == (1, 0), "it had ended within the 90 days"
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    listed = await iris.get("/staff/save-offers")
    assert "It costs more than it saves me" in listed.words and "0 of 1" in listed.words
    assert "accepted of" in (await iris.get("/staff/metrics")).words
    assert "Still there" in (await iris.get("/staff/metrics/figures/saves")).words
    bad = await iris.submit(listed, "/staff/save-offers", reason="price", kind="discount", percent="0")
    assert bad.status == 422
    twice = await iris.submit(listed, "/staff/save-offers", reason="use", kind="pause")
    assert twice.status == 409 and "offered for this reason already" in twice.words
