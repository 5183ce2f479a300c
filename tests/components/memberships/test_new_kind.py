"""A new kind of benefit is a new folder: defined, promised, held, shown and told; nothing else is changed."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.foundation import database
from components.memberships import benefit_events, benefits
from components.memberships.benefits.kinds import all_kinds
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements
from components.memberships.grants import complimentary
from components.memberships.plans import plan_cache, plan_catalogue
from components.people import customer_accounts
from tests.components.catalog import making
from tests.components.checkout import shopping
from tests.components.memberships.test_giving_kinds import back, purchase
from tests.support import people
from tests.support.shops import Shop
from tests.web.shop import buying

WRITTEN = '''
"""Trees: so many are planted for every order."""

import msgspec

from components.memberships.benefits.backtest import BacktestGrant, BacktestOutcome
from components.memberships.benefits.protocol import BenefitField, Illustration, Kind, SettingRefused

SAPLING = 120
PLANTED = []


class Settings(msgspec.Struct, frozen=True):
    trees: int


class Trees(Kind[Settings]):
    key = "trees"
    title = "Trees"
    hint = "So many trees are planted for every order."
    settings_type = Settings
    fields = (BenefitField("trees", "Trees an order", "whole"),)

    def read(self, answers):
        if not answers.get("trees"):
            raise SettingRefused("trees", "One tree at least.")
        return Settings(answers["trees"])

    def answers(self, settings):
        return {"trees": settings.trees}

    def words(self, settings):
        return f"{settings.trees} trees planted for every order"

    def illustrations(self, settings):
        return (Illustration("Any order", "0 trees", f"{settings.trees} trees", "In spring."),)

    def replayed(self, past):
        given = tuple(
            BacktestGrant(bought.person, one.plan, one.benefit, bought.at, cost=SAPLING * one.settings.trees)
            for bought in past.purchases
            for one in past.held(bought.plans)
        )
        return BacktestOutcome(given, f"{len(given)} orders", "Every sapling takes.")

    async def bought(self, held, purchase):
        PLANTED.append(held[0].settings.trees)

    async def given_back(self, given):
        PLANTED.clear()


KIND = Trees()
'''


@pytest.fixture
def trees(tmp_path: Path) -> Iterator[list[int]]:
    (tmp_path / "trees").mkdir()
    (tmp_path / "trees" / "__init__.py").write_text(WRITTEN)
    benefits.__path__.append(str(tmp_path))
    all_kinds.cache_clear()
    yield sys.modules[type(all_kinds()["trees"]).__module__].PLANTED
    benefits.__path__.remove(str(tmp_path))
    all_kinds.cache_clear()
    del sys.modules["components.memberships.benefits.trees"]


async def test_a_kind_in_a_folder_is_held_and_told(db: None, trees: list[int]) -> None:
    plan_id = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    benefit = await plan_benefits.create_benefit(kind_key="trees", name="A wood", answers={"trees": 3}, by=None)
    await plan_benefits.attach(plan_id, benefit, by=None)
    await plan_cache.refresh()
    assert plan_catalogue.by_slug("annual").benefits[0].words == "3 trees planted for every order"
    maya = (await customer_accounts.sign_up("maya@kiln.test", name="Maya")).id
    await complimentary.grant(maya, plan_catalogue.by_slug("annual"), until=None, by=maya)
    (held,) = (await entitlements.for_person(maya)).entitlements
    assert held.kind == "trees" and held.share.price_rules == ()
    bought = purchase(maya)
    await benefit_events.order_paid(bought)
    assert trees == [3]
    await benefit_events.order_refunded(back(bought))
    assert trees == []


async def test_staff_find_its_form_and_its_preview(shop: Shop, trees: list[int]) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    here = "/staff/benefits/new?kind=trees"
    form = await iris.get(here)
    assert "So many trees are planted" in form.words
    assert 'id="trees-error"' in (await iris.submit(form, here, name="A wood", trees="0")).text
    look = await iris.submit(form, here, look="1", name="A wood", trees="3")
    assert "0 trees → 3 trees" in look.words


async def test_a_draft_of_it_is_replayed_by_its_own_reckoning(shop: Shop, trees: list[int]) -> None:
    await people.owner()
    await shopping.ways()
    await making.product()
    await buying.buy(shop, await buying.member(shop))
    iris = await shop.signed_in("iris@kiln.test")
    path = (await iris.post("/staff/replays", {"name": "A wood", "cost": "50"})).path
    await iris.post(f"{path}/benefits/new?plan=annual&kind=trees", {"name": "A wood", "trees": "3"})
    await iris.post(f"{path}/runs")
    await shop.catch_up()
    page = await iris.get(path)
    assert "Trees 1 orders" in page.words and "Cost £3.60" in page.words and "Every sapling takes." in page.words


async def test_without_its_folder_what_was_promised_adds_nothing_and_breaks_nothing(db: None) -> None:
    plan_id = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    benefit = await plan_benefits.create_benefit(kind_key="perk", name="A wood", answers={"promise": "Trees"}, by=None)
    await plan_benefits.attach(plan_id, benefit, by=None)
    maya = (await customer_accounts.sign_up("maya@kiln.test", name="Maya")).id
    await plan_cache.refresh()
    await complimentary.grant(maya, plan_catalogue.by_slug("annual"), until=None, by=maya)
    await database.execute("UPDATE benefit SET kind = 'trees'")
    await benefit_events.order_paid(purchase(maya))
    assert (await entitlements.for_person(maya)).price_context.rules == ()
