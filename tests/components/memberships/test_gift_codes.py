"""Codes of gifts: in no table as typed, read again by the buyer, and good after the shop's secret was replaced."""

import dataclasses

import pytest

from components.foundation import clock, database, ids, settings
from components.memberships.editing import plans
from components.memberships.grants import gift_codes, gift_memberships
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership
from components.payments.values import Payer
from tests.support import make_plans, people
from tests.support.shops import Shop

_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


async def bought(shop: Shop) -> GiftMembership:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(is_giftable=True), by=None)
    giver = await people.customer("noor@kiln.test")
    details = GiftDetails(
        giver_name="Noor", recipient_name="Maya", recipient_email="maya@kiln.test", message="", send_at=clock.now()
    )
    ways, payer = {"success_path": "/gifts/bought", "cancel_path": "/gifts"}, Payer(giver.id, giver.email, "Noor")
    url = await gift_memberships.buy(payer, plan_catalogue.by_slug("annual"), details, **ways)
    await shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0])
    await shop.catch_up()
    return (await gift_memberships.bought_by(giver.id))[0]


async def dump() -> str:
    """Every row of every table. Codes of partners are in clear: another firm takes them, this shop does not."""
    found = []
    for (table,) in await database.fetch_rows(_TABLES):
        found += [row[0] for row in await database.fetch_rows(f'SELECT to_jsonb(t)::text FROM "{table}" t')]
    return "\n".join(found)


async def test_no_table_holds_a_code_that_redeems_and_its_buyer_reads_it(shop: Shop) -> None:
    gift = await bought(shop)
    code, rows = gift_codes.code_of(gift), await dump()
    assert len(code) == 14 and str(gift.id) in rows
    for written in (code, code.replace("-", ""), code.lower()):
        assert written not in rows
    assert (await gift_memberships.by_code(code.lower())).id == gift.id
    assert code in (await (await shop.signed_in("noor@kiln.test")).get("/account/given")).words
    await people.owner()
    staff = (await (await shop.signed_in("iris@kiln.test")).get("/staff/gift-memberships")).words
    assert code not in staff and f"ends in {code[-4:]}" in staff


async def test_a_code_in_clear_from_before_is_converted_once_and_stays_good(shop: Shop) -> None:
    gift = await bought(shop)
    code = gift_codes.code_of(gift)
    await database.execute("UPDATE gift_membership SET code = $1, code_digest = NULL, code_sealed = ''", code)
    assert code in await dump(), "this test sees what it looks for"
    assert await gift_codes.keep_under_todays_secret() == 1 and await gift_codes.keep_under_todays_secret() == 0
    assert code not in await dump()
    kept = await gift_memberships.by_code(code)
    assert kept.id == gift.id and gift_codes.code_of(kept) == code


async def test_a_replaced_secret_is_followed_while_it_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    gift, known = await bought(shop), settings.current()
    code = gift_codes.code_of(gift)
    replaced = dataclasses.replace(known, secret_key="another" * 8, former_secret_keys=(known.secret_key,))
    monkeypatch.setattr(settings, "current", lambda: replaced)
    assert (await gift_memberships.by_code(code)).id == gift.id
    assert await gift_codes.keep_under_todays_secret() == 1
    monkeypatch.setattr(settings, "current", lambda: dataclasses.replace(replaced, former_secret_keys=()))
    assert (await gift_memberships.redeem(code, person_id=ids.new())) is not None
