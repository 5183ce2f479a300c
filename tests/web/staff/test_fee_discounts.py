"""Staff put a discount on a running membership and take it off again; the member reads and pays what was said."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest

from components.foundation import clock, database, settings
from components.foundation.database import advisory_locks
from components.memberships.discounts import discount_upkeep
from components.messaging.notices import notice_emails
from tests.support import join_members, make_plans, people
from tests.support.meanwhile import Meanwhile
from tests.support.shops import Shop
from tests.web.staff.test_refund_confirmation import ASKED

TYPED = {"how": "percent", "percent": "20", "lasts": "once", "reason": "Sorry for the wait"}


async def discount_emails() -> list[str]:
    sql = "SELECT text FROM email WHERE template = 'fee_discount' ORDER BY created_at"
    return [" ".join(str(text).split()) for text in await database.fetch_values(sql)]


async def test_it_is_given_seen_told_and_taken_off(shop: Shop) -> None:
    maya = await join_members.member(shop, price=5000, interval="year")
    await people.owner()
    iris, person = await shop.signed_in("iris@kiln.test"), await join_members.person()
    here = f"/staff/members/{person}/discounts"
    form = await iris.get(f"{here}/new")
    assert "£50.00 a year" in form.words
    for wrong, where in (
        ({"percent": ""}, "Enter a percentage."),
        ({"percent": "100"}, "percentage or an amount"),
        ({"how": "amount", "amount": "50.00"}, "leave something of the fee"),
        ({"how": "amount", "amount": ""}, "Enter an amount above zero."),
        ({"lasts": "some"}, "Enter how many payments."),
        ({"reason": ""}, ""),
    ):
        page = await iris.submit(form, here, **{**TYPED, **wrong})
        assert page.status == 422 and where in page.words, (wrong, page.words)
    for _ in range(2):  # the same form twice
        page = await iris.submit(form, here, **TYPED)
    assert "Discount given: 20% off the next payment, £40.00 instead of £50.00." in page.alerts()
    assert "Given by staff: Sorry for the wait" in page.words and "On: 20% off the next payment" in page.words
    assert "your next payment" not in page.words, "it is not theirs who reads this"
    assert f"{here}/new" not in page.links()
    assert await database.fetch_value("SELECT count(*) FROM fee_discount") == 1
    other = await iris.submit(await iris.get(f"{here}/new"), here, **TYPED)
    assert other.status == 409 and "a discount on this membership already" in other.words
    await shop.catch_up()
    assert "20% off your next payment" in (await maya.get("/account/membership")).words
    assert "£40.00 on" in (await maya.get("/account/membership")).words
    audited = "SELECT count(*) FROM audit_entry WHERE what = 'membership discount put on'"
    assert await database.fetch_value(audited) == 1
    (began,) = await discount_emails()
    assert "20% off your next payment" in began and "Your next payment is £40.00" in began
    discount = await database.fetch_value("SELECT id FROM fee_discount")
    before = await iris.get(f"{here}/{discount}/end")
    assert "£50.00 instead of £40.00" in before.words
    assert "has been taken off" in (await iris.submit(before, f"{here}/{discount}/end")).alerts()
    over = await iris.submit(form, here, **TYPED)
    assert over.status == 409 and "has ended already" in over.words, "the first form once more"
    await shop.catch_up()
    assert "Taken off" in (await iris.get(f"/staff/members/{person}")).words
    assert "20%" not in (await maya.get("/account/membership")).words
    assert "Your next payment is £50.00" in (await discount_emails())[1]
    assert (await iris.get(f"/staff/members/{person}/discounts/{person}/end")).status == 404


async def test_the_renewal_notice_names_the_fee_with_and_without_it(shop: Shop) -> None:
    await join_members.member(shop, price=5000, interval="year")
    await people.owner()
    iris, person = await shop.signed_in("iris@kiln.test"), await join_members.person()
    here = f"/staff/members/{person}/discounts"
    await iris.submit(await iris.get(f"{here}/new"), here, **TYPED)
    kept = await join_members.subscription()
    renews = kept["current_period_end"]
    await join_members.until(shop, renews - timedelta(days=10))  # type: ignore[operator]
    await notice_emails.send_renewal_notices()
    text = await database.fetch_value("SELECT text FROM email WHERE template = 'renewal_notice'")
    assert "£40.00" in text and "Discount: 20%, instead of £50.00" in text
    await join_members.until(shop, renews + timedelta(days=21))  # type: ignore[operator]
    await discount_upkeep.keep_promises()
    await shop.catch_up()
    paid = await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at")
    assert paid == [5000, 4000]
    assert "Your next payment is £50.00" in (await discount_emails())[-1]


async def test_only_who_may_refund_gives_one_and_above_the_limit_confirms(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await join_members.member(shop, price=5000, interval="year")
    await people.owner()
    await people.staff("sam@kiln.test", ("members",))
    helper, person = await shop.signed_in("sam@kiln.test"), await join_members.person()
    here = f"/staff/members/{person}/discounts"
    assert (await helper.get(f"{here}/new")).status == 403
    assert f"{here}/new" not in (await helper.get(f"/staff/members/{person}")).links()
    iris = await shop.signed_in("iris@kiln.test")
    known = dataclasses.replace(settings.current(), refund_confirm_above=9)
    monkeypatch.setattr(settings, "current", lambda: known)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    asked = await iris.submit(await iris.get(f"{here}/new"), here, **TYPED)
    assert asked.heading == ASKED and await database.fetch_value("SELECT count(*) FROM fee_discount") == 0
    done = await iris.submit(asked, here, confirm_password=people.PASSWORD)
    assert "Discount given" in done.alerts()


async def test_two_discounts_of_one_operator_at_once_stay_within_the_limit(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each alone is below what may be given without confirming; the one that comes second is asked."""
    plan = await make_plans.club(price=5000, interval="year")
    for email in ("maya@kiln.test", "noor@kiln.test"):
        await join_members.joins(shop, plan, email=email)
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    known = dataclasses.replace(settings.current(), refund_confirm_above=15)
    monkeypatch.setattr(settings, "current", lambda: known)
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    places = [
        f"/staff/members/{await join_members.person(email)}/discounts" for email in ("maya@kiln.test", "noor@kiln.test")
    ]
    forms = [await iris.get(f"{place}/new") for place in places]
    both = [Meanwhile(iris.submit(form, at, **TYPED)) for form, at in zip(forms, places, strict=True)]
    owner = await join_members.person("iris@kiln.test")
    async with database.transaction():  # both have been let in before either has given anything
        await advisory_locks.take_turns(f"giving back: {owner}")
        for one in both:
            await one.begins()
    done = await asyncio.gather(*(one.task for one in both))
    assert sorted("Discount given" in page.alerts() for page in done) == [False, True]
    assert await database.fetch_value("SELECT count(*) FROM fee_discount") == 1
