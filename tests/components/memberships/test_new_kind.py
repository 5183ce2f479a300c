"""A new kind of benefit is a new folder, even one that opens something the shop had not: nothing else is changed."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.foundation import clock, database
from components.insights.access_monitor import access_policy
from components.insights.metrics import plan_results
from components.memberships import benefit_events, benefits
from components.memberships.benefits.kinds import all_kinds
from components.memberships.benefits.protocol import Kind
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements
from components.memberships.grants import complimentary
from components.memberships.plans import plan_cache, plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.people import customer_accounts
from tests.components.memberships.test_giving_kinds import back, purchase
from tests.support import buy_products, fill_basket, join_members, make_plans, make_products, people
from tests.support.shops import Shop

WRITTEN = '''
"""Workshops: only members may book them, each so many a year; what the clay costs comes off the shop's prices."""

from dataclasses import dataclass

import msgspec

from components.catalog.scopes import Scope
from components.memberships.benefits.backtest import BacktestGrant, BacktestOutcome
from components.memberships.benefits.effects import Effect, PriceRuleEffect
from components.memberships.benefits.protocol import (
    BenefitField, Illustration, Kind, MonitoredPage, PanelEntry, SettingRefused
)
from components.pricing.rules import PriceRule

CLAY = 120
BAGS = []


@dataclass(frozen=True, slots=True)
class WorkshopEffect(Effect):
    seats: int


class Settings(msgspec.Struct, frozen=True):
    seats: int


class Workshops(Kind[Settings]):
    key = "guest_workshops"
    title = "Workshops"
    hint = "So many workshops a year may be booked."
    name_hint = "What members read: “Two evenings at the wheel”."
    when_removed = "Seats that are booked stay booked."
    use_label = "Workshop prices"
    panel_title = "Your workshops"
    settings_type = Settings
    fields = (BenefitField("seats", "Workshops a year", "whole"),)
    example = {"seats": 2}

    def read(self, answers):
        if not answers.get("seats"):
            raise SettingRefused("seats", "One at least.")
        return Settings(answers["seats"])

    def answers(self, settings):
        return {"seats": settings.seats}

    def words(self, settings):
        return f"{settings.seats} workshops a year, and 10% off"

    def effects(self, settings, *, benefit_id, name):
        rule = PriceRule(benefit_id, name, Scope("everything"), "percent", 1000)
        return (WorkshopEffect(settings.seats), PriceRuleEffect(rule))

    def illustrations(self, settings):
        return (Illustration("Any workshop", "Not open", f"{settings.seats} a year", "While there are seats."),)

    async def monitored_pages(self, settings):
        return (MonitoredPage("/pages/workshops", f"Members book {settings.seats} of these evenings"),)

    async def member_panel(self, held):
        return tuple(
            PanelEntry(benefit_id=one.benefit_id, name=one.name, words=f"{one.settings.seats} to book this year")
            for one in held
        )

    def backtest(self, past):
        given = tuple(
            BacktestGrant(bought.person, one.plan, one.benefit, bought.at, cost=CLAY * one.settings.seats)
            for bought in past.purchases
            for one in past.held(bought.plans)
        )
        return BacktestOutcome(given, f"{len(given)} bags of clay", "Everybody comes.")

    async def on_order_paid(self, held, purchase):
        BAGS.append(held[0].settings.seats)

    async def on_order_refunded(self, given):
        BAGS.clear()


KIND = Workshops()
'''
FORM = "/staff/benefits/new?kind=guest_workshops"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Any]:
    """The module of the kind, for as long as the test runs."""
    (tmp_path / "guest_workshops").mkdir()
    (tmp_path / "guest_workshops" / "__init__.py").write_text(WRITTEN)
    benefits.__path__.append(str(tmp_path))
    all_kinds.cache_clear()
    yield importlib.import_module("components.memberships.benefits.guest_workshops")
    benefits.__path__.remove(str(tmp_path))
    all_kinds.cache_clear()
    del sys.modules["components.memberships.benefits.guest_workshops"]


async def club(**answers: int) -> PlanView:
    plan_id = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    benefit = await make_plans.benefit("guest_workshops", "At the wheel", **answers)
    await plan_benefits.attach(plan_id, benefit, by=None)
    await plan_cache.refresh()
    return plan_catalogue.by_slug("annual")


async def test_what_it_opens_is_asked_of_everybody_in_the_same_way(db: None, folder: Any) -> None:
    plan = await club(seats=2)
    assert plan.benefits[0].words == "2 workshops a year, and 10% off"
    assert plan.effects(folder.WorkshopEffect) == (folder.WorkshopEffect(2),)
    maya = (await customer_accounts.sign_up("maya@kiln.test", name="Maya")).id
    assert (await entitlements.for_person(maya)).effects(folder.WorkshopEffect) == ()
    await complimentary.grant(maya, plan, until=None, by=maya)
    standing = await entitlements.for_person(maya)
    assert standing.effects(folder.WorkshopEffect) == (folder.WorkshopEffect(2),)
    assert [rule.value for rule in standing.price_context.rules] == [1000]


async def test_it_is_told_what_happens(db: None, folder: Any) -> None:
    plan = await club(seats=2)
    maya = (await customer_accounts.sign_up("maya@kiln.test", name="Maya")).id
    await complimentary.grant(maya, plan, until=None, by=maya)
    bought = purchase(maya)
    await benefit_events.order_paid(bought)
    assert folder.BAGS == [2]
    await benefit_events.order_refunded(back(bought))
    assert folder.BAGS == []


async def test_people_join_for_it_and_find_it_in_their_account(shop: Shop, folder: Any) -> None:
    plan = await club(seats=2)
    noor = await shop.signed_in((await people.customer()).email)
    assert "2 workshops a year" in (await noor.get("/join/annual")).words
    assert "Your workshops" not in (await noor.get("/account/gifts")).words
    maya = await join_members.joins(shop, plan)
    assert "2 workshops a year" in (await maya.get("/account/membership")).words
    assert "Your workshops At the wheel 2 to book this year" in (await maya.get("/account/gifts")).words
    standing = await entitlements.for_person(await join_members.person())
    assert standing.effects(folder.WorkshopEffect) == (folder.WorkshopEffect(2),)


async def test_staff_find_its_form_and_its_preview(shop: Shop, folder: Any) -> None:
    await make_products.product("Moon mug", price=1000)
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    form = await iris.get(FORM)
    assert "So many workshops a year" in form.words and "“Two evenings at the wheel”" in form.words
    assert 'id="seats-error"' in (await iris.submit(form, FORM, name="At the wheel", seats="0")).text
    look = await iris.submit(form, FORM, look="1", name="At the wheel", seats="3")
    assert "Not open → 3 a year" in look.words and "£10.00 → £9.00" in look.words


async def test_staff_read_what_taking_it_back_means(shop: Shop, folder: Any) -> None:
    plan = await club(seats=2)
    maya = await join_members.joins(shop, plan)
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    action = f"/staff/plans/annual/benefits/{plan.benefits[0].id}/removal"
    page = await iris.get(action)
    assert "1 member has it" in page.words and "Seats that are booked stay booked." in page.words
    await iris.submit(page, action, at="")
    assert (await entitlements.for_person(await join_members.person())).effects(folder.WorkshopEffect) == ()
    assert "Your workshops" not in (await maya.get("/account/gifts")).words


async def test_what_it_gave_stands_in_the_reports_under_its_own_name(shop: Shop, folder: Any) -> None:
    plan = await club(seats=2)
    await fill_basket.ways()
    await make_products.product(price=1000)
    maya = await join_members.joins(shop, plan)
    await buy_products.buy(shop, maya)
    await shop.catch_up()
    (found,) = await plan_results.by_plan(365)
    assert found.by_kind == {"guest_workshops": 83}, "1.00 with 20 % tax in it"
    await people.owner()
    page = await (await shop.signed_in("iris@kiln.test")).get("/staff/metrics")
    assert "Cashback Gifts Workshop prices" in page.words
    assert "− refunds − discount − delivery − cashback − gifts − workshop prices" in page.words


async def test_a_draft_of_it_is_replayed_by_its_own_reckoning(shop: Shop, folder: Any) -> None:
    await people.owner()
    await fill_basket.ways()
    await make_products.product()
    await buy_products.buy(shop, await buy_products.member(shop))
    iris = await shop.signed_in("iris@kiln.test")
    path = (await iris.post("/staff/simulator", {"name": "Evenings", "cost": "50"})).path
    await iris.post(f"{path}/benefits/new?plan=annual&kind=guest_workshops", {"name": "At the wheel", "seats": "3"})
    await iris.post(f"{path}/runs")
    await shop.catch_up()
    page = await iris.get(path)
    assert "Workshops 1 bags of clay" in page.words and "Everybody comes." in page.words
    assert "Cost £3.60" in page.words


async def test_the_access_monitor_sees_what_it_names_or_says_that_it_does_not(
    shop: Shop, folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await club(seats=2)
    expected = {one.who: one.pieces for one in await access_policy.expectations(clock.now())}
    assert [one.is_whole for who in ("guest", "lapsed", "annual") for one in expected[who]] == [False, False, True]
    assert {one.passage for pieces in expected.values() for one in pieces} == {"Members book 2 of these evenings"}
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    assert access_policy.unmonitored() == () and "does not check" not in (await iris.get("/staff")).words
    monkeypatch.delattr(folder.Workshops, "monitored_pages")
    assert access_policy.unmonitored() == ("Workshops",)
    assert "does not check these benefits: Workshops." in (await iris.get("/staff")).words


def test_a_kind_that_leaves_its_words_out_is_refused() -> None:
    with pytest.raises(TypeError, match="Silent has no hint, name_hint, when_removed, fields, example, settings_type"):
        type("Silent", (Kind,), {"key": "silent", "title": "Silent"})


async def test_without_its_folder_what_was_promised_adds_nothing_and_breaks_nothing(db: None) -> None:
    plan_id = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    benefit = await plan_benefits.create_benefit(
        kind_key="perk", name="At the wheel", answers={"promise": "Workshops"}, by=None
    )
    await plan_benefits.attach(plan_id, benefit, by=None)
    maya = (await customer_accounts.sign_up("maya@kiln.test", name="Maya")).id
    await plan_cache.refresh()
    await complimentary.grant(maya, plan_catalogue.by_slug("annual"), until=None, by=maya)
    await database.execute("UPDATE benefit SET kind = 'workshops'")
    await benefit_events.order_paid(purchase(maya))
    assert (await entitlements.for_person(maya)).price_context.rules == ()
