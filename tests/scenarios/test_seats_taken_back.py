"""A place in a household, taken back while its payer is paused, owes or has cancelled; and of a payer who is erased."""

from collections.abc import Awaitable, Callable

import pytest

from components.foundation import clock, database
from components.memberships.entitlements import entitlements
from components.memberships.grants import seats
from components.memberships.invariants import invariants
from components.people.privacy import erasure_wishes
from tests.scenarios.test_households import (
    DAY,
    HERE,
    HOUSEHOLD,
    MAYA,
    THEO,
    cancelled,
    cancelled_while_paused,
    member_with_guest,
    on,
    owing,
    owing_after_grace,
    paused,
    settled,
)
from tests.support import join_members
from tests.support.pages import Browser
from tests.support.shops import Shop

State = Callable[[Shop, Browser], Awaitable[None]]


async def emails(template: str) -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT recipient, text FROM email WHERE template = $1 ORDER BY id", template)
    return [(row["recipient"], " ".join(row["text"].split())) for row in rows]


@pytest.mark.parametrize(
    ("state", "may_invite"),
    [(paused, False), (owing, True), (owing_after_grace, False), (cancelled, True), (cancelled_while_paused, False)],
)
async def test_taken_back_it_stays_so_whatever_becomes_of_the_payer(shop: Shop, state: State, may_invite: bool) -> None:
    await member_with_guest(shop)
    clock.set_everywhere(clock.now() + DAY)
    await state(shop, await shop.signed_in(MAYA))
    await settled(shop)
    maya, household = await shop.signed_in(MAYA), await seats.household(await join_members.person(MAYA))
    assert household is not None and "theo@kiln.test Joined" in (await maya.get(HOUSEHOLD)).words
    after = await maya.post(f"{HOUSEHOLD}/{household.seats[0].id}/removal", {})
    said = after.alerts().strip()
    assert said == ("Removed. You can invite someone else." if may_invite else "Removed.")
    assert bool(after.tree.findall(".//input[@name='email']")) is may_invite, "what is said can be done"
    await settled(shop)
    ((to, told),) = await emails("seat_ended")
    assert to == THEO and told.startswith("Maya no longer shares Monthly with you. Your place ended on ")
    theo = await shop.signed_in(THEO)
    assert "Your place in Maya’s membership has ended" in (await theo.get(HERE)).words
    await on(shop, 45)
    assert len(await emails("seat_ended")) == 1 and await emails("seat_back") == []
    assert not (await entitlements.for_person(await join_members.person(THEO))).is_member
    assert await invariants() == []


async def test_a_payer_who_is_erased_leaves_no_name_with_whoever_shared(shop: Shop) -> None:
    await member_with_guest(shop)
    clock.set_everywhere(clock.now() + DAY)
    await cancelled(shop, await shop.signed_in(MAYA))
    await settled(shop)
    assert await erasure_wishes.make(await join_members.person(MAYA)) == ""
    await settled(shop)
    ((to, told),) = await emails("seat_ended")
    assert to == THEO and "Maya" not in told and "maya@" not in told and "has ended" in told
    theo = await shop.signed_in(THEO)
    page = await theo.get(HERE)
    assert "Maya" not in page.words and "maya@" not in page.text and "has ended" in page.heading + page.words
    assert not (await entitlements.for_person(await join_members.person(THEO))).is_member
    assert await database.fetch_value("SELECT status FROM subscription") == "cancelled" and await invariants() == []
