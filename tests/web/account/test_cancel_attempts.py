"""Each cancellation is kept as it was asked for, with the member's own words, also when it is withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.insights.programme import cancel_figures
from components.memberships.adopting import adopted_memberships
from components.memberships.billing import cancellations, subscriptions
from components.memberships.billing.cancellations import AlreadyCancelled
from components.people.privacy import erasure
from tests.support import join_members, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE = "/account/membership/cancellation"
DAY = timedelta(days=1)


@pytest.fixture
async def maya(shop: Shop) -> Browser:
    return await join_members.member(shop)


async def kept() -> list[dict[str, Any]]:
    return await database.fetch("SELECT subscription, person, reason, words, by_staff FROM cancel_attempt ORDER BY at")


async def test_what_a_member_writes_is_kept_and_stays_when_they_change_their_mind(maya: Browser) -> None:
    page = await maya.get(HERE)
    done = await maya.submit(page, HERE, reason="price", words="  Too dear <b>for us</b>  ")
    found = await join_members.subscription()
    wanted = {"subscription": found["id"], "person": found["payer"], "reason": "price", "by_staff": False}
    assert await kept() == [{**wanted, "words": "Too dear <b>for us</b>"}]
    await maya.submit(done, f"{HERE}/withdrawal")
    assert await database.fetch_value("SELECT cancel_reason FROM subscription") is None
    assert len(await kept()) == 1


async def test_too_many_words_are_no_obstacle(maya: Browser) -> None:
    await maya.get(HERE)
    done = await maya.post(HERE, {"reason": "use", "words": "x" * 501})
    assert "You won’t be charged again" in done.alerts()
    assert [(one["reason"], one["words"]) for one in await kept()] == [("", "")]


async def test_what_is_refused_was_no_attempt(maya: Browser) -> None:
    subscription = (await join_members.subscription())["id"]
    owner = await people.owner()
    await cancellations.schedule(subscription, by=owner.id)  # type: ignore[arg-type]
    assert [one["by_staff"] for one in await kept()] == [True]
    with pytest.raises(AlreadyCancelled):
        await cancellations.schedule(subscription, reason="use")  # type: ignore[arg-type]
    await cancellations.end_at_once(subscription, by=owner.id)  # type: ignore[arg-type]
    assert [one["by_staff"] for one in await kept()] == [True], "it was cancelled already"


async def test_staff_who_end_what_a_member_cancelled_leave_the_members_reason_and_words(maya: Browser) -> None:
    await maya.get(HERE)
    await maya.post(HERE, {"reason": "price", "words": "Too dear"})
    owner, before = await people.owner(), await kept()
    subscription = (await join_members.subscription())["id"]
    await cancellations.end_at_once(subscription, by=owner.id)  # type: ignore[arg-type]
    assert await kept() == before and [(one["reason"], one["words"]) for one in before] == [("price", "Too dear")]
    (found,) = await database.batch(cancel_figures.query(clock.now() - DAY, clock.now() + DAY))
    assert [(one.reason, one.attempts) for one in found] == [("price", 1)]
    assert (await join_members.subscription())["cancel_reason"] == "price"


async def test_staff_who_end_what_nobody_cancelled_or_what_was_withdrawn_are_kept(maya: Browser) -> None:
    await maya.post(HERE, {"reason": "price", "words": "Too dear"})
    subscription, owner = (await join_members.subscription())["id"], await people.owner()
    await cancellations.withdraw(subscription)  # type: ignore[arg-type]
    await cancellations.end_at_once(subscription, by=owner.id)  # type: ignore[arg-type]
    assert [(one["reason"], one["by_staff"]) for one in await kept()] == [("price", False), ("", True)]


async def test_stripe_refuses_and_nothing_is_kept(shop: Shop, maya: Browser) -> None:
    with shop.stand_in.engine.changing() as books:
        for one in list(books.find("subscription")):
            one["status"] = "canceled"
    done = await maya.post(HERE, {"reason": "use", "words": "Goodbye"})
    assert done.status == 200 and await kept() == []


async def test_who_is_erased_leaves_the_reason_but_not_the_words(shop: Shop, maya: Browser) -> None:
    await maya.post(HERE, {"reason": "choice", "words": "I am Maya of Kiln Lane"})
    await erasure.erase(await join_members.person())
    await shop.catch_up()
    assert [(one["reason"], one["words"]) for one in await kept()] == [("choice", "")]


async def test_an_adoption_is_undone_with_what_was_asked_meanwhile(maya: Browser) -> None:
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    await cancellations.schedule(found.id)
    await cancellations.withdraw(found.id)
    async with database.transaction():
        await adopted_memberships.forget(found.id)
        assert await kept() == []
