"""What is chosen for whom and why, and what never is: hidden, closed, sold out or had before."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from components.catalog.products import collections
from components.catalog.scopes import EVERYTHING
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from components.catalog.visibility import Access, HeadStart
from components.foundation import clock, database, ids
from components.foundation.shop_settings import shop_settings
from components.people.privacy import erasure, personal_switch
from components.recommendations import choice_reasons, personal_choices, personal_history
from components.recommendations.personal_choices import ChoiceGate
from tests.support import canary_rows, make_products, past_orders, people, visits

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def reasons(person: Any, *, access: Access = Access.NONE, most: int = 12, **gate: Any) -> list[tuple[str, str]]:
    now = clock.now()
    history = await personal_history.of_person(person.id, now)
    if history is None:
        return []
    here = ChoiceGate(snapshot_refresh.snapshot(), access, now, **gate)
    return [
        (one.product.title, choice_reasons.reason(one)) for one in personal_choices.chosen(history, here, most=most)
    ]


async def change(product: ProductView, **values: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 2))
    await database.execute(f"UPDATE product SET {sets} WHERE id = $1", product.id, *values.values())
    await snapshot_refresh.refresh()


@pytest.fixture
async def noor(db: None, at: datetime) -> Any:
    return await people.customer()


async def test_what_goes_with_what_they_bought(noor: Any) -> None:
    mug, _bowl = await past_orders.mug_and_bowl()
    assert await reasons(noor) == []
    await past_orders.bought(noor.id, mug)
    assert await reasons(noor) == [("Ash bowl", "Because you bought Moon mug")]


async def test_what_they_have_already_is_not_chosen(noor: Any) -> None:
    mug, bowl = await past_orders.mug_and_bowl()
    await past_orders.bought(noor.id, mug)
    await past_orders.bought(noor.id, bowl, at=clock.now() - 300 * DAY)
    assert await reasons(noor) == []


async def test_that_holds_also_of_what_was_bought_before_the_latest_twenty(noor: Any) -> None:
    mug, bowl = await past_orders.mug_and_bowl()
    now = clock.now()
    await past_orders.bought(noor.id, bowl, at=now - 700 * DAY)
    for number in range(personal_history.MOST_BOUGHT):
        one = mug if not number else await make_products.product(f"Thing {number}")
        await past_orders.bought(noor.id, one, at=now - (number + 1) * DAY)
    history = await personal_history.of_person(noor.id, now)
    assert history is not None and len(history.bought) == personal_history.MOST_BOUGHT
    assert bowl.id not in {one.product for one in history.bought} and await reasons(noor) == []
    clock.set_everywhere(now + 40 * DAY)
    assert await reasons(noor) == [("Ash bowl", "Because you bought Moon mug")], "two years are over"


@pytest.mark.parametrize(
    "state",
    [
        {"members_only": True},
        {"public_from": datetime(2027, 3, 9, tzinfo=None).astimezone()},
        {"public_from": datetime(2027, 9, 9, tzinfo=None).astimezone()},
        {"status": "draft"},
    ],
    ids=["members only", "not yet", "not announced", "draft"],
)
async def test_what_they_may_not_buy_is_not_chosen(noor: Any, state: dict[str, Any]) -> None:
    mug, bowl = await past_orders.mug_and_bowl()
    await past_orders.bought(noor.id, mug)
    assert len(await reasons(noor)) == 1
    await change(bowl, **state)
    assert await reasons(noor) == []


async def test_what_is_sold_out_is_not_chosen(noor: Any) -> None:
    mug, bowl = await past_orders.mug_and_bowl()
    await past_orders.bought(noor.id, mug)
    await database.execute("UPDATE variant SET on_hand = 0 WHERE product = $1", bowl.id)
    await snapshot_refresh.refresh()
    assert await reasons(noor) == []


async def test_early_access_is_theirs_as_long_as_it_is_early(noor: Any) -> None:
    opens = clock.now() + 2 * DAY
    vase = await make_products.product("Vase", public_from=opens)
    access = Access(head_starts=(HeadStart(EVERYTHING, 3 * DAY, most=1),))
    assert await reasons(noor) == []
    assert await reasons(noor, access=access) == [("Vase", "Your early access: on general sale from 3 Mar")]
    had = personal_choices.EarlyCounts({vase.id: {vase.id: 1}})
    assert await reasons(noor, access=access, had=had) == []
    clock.set_everywhere(opens)
    assert await reasons(noor, access=access) == []


async def shelf_of(*products: ProductView) -> None:
    home = await collections.create(collections.CollectionDetails(title="Cups"))
    for product in products:
        await canary_rows.add("collection_product", collection=home, product=product.id)
    await snapshot_refresh.refresh()


async def test_what_is_new_in_a_collection_they_buy_from(noor: Any) -> None:
    mug = await make_products.product()
    await past_orders.bought(noor.id, mug, at=clock.now() - 5 * DAY)
    cup, old = await make_products.product("Cup"), await make_products.product("Old cup")
    elsewhere = await make_products.product("Elsewhere")
    await database.execute("UPDATE product SET created_at = $2 WHERE id = $1", old.id, clock.now() - 6 * DAY)
    await shelf_of(mug, cup, old)
    assert await reasons(noor) == [("Cup", "New in Cups since your last order")]
    assert elsewhere


async def test_visits_count_only_where_they_are_kept(noor: Any) -> None:
    mug, vase = await make_products.product(), await make_products.product("Vase")
    await past_orders.bought(noor.id, mug, at=clock.now() - 50 * DAY)
    await shelf_of(mug, vase)
    await database.execute("UPDATE product SET created_at = $2 WHERE id = $1", vase.id, clock.now() - 20 * DAY)
    cup = await make_products.product("Cup")
    consent = clock.now() - 15 * DAY
    visitor = ids.new()
    await canary_rows.add("visit_consent", id=visitor, person=noor.id, given_at=consent, asked="asked")
    await canary_rows.add(
        "page_view", id=ids.new(), visitor=visitor, person=noor.id, kind="product", subject=cup.slug, at=consent,
        day=consent.date(),
    )  # fmt: skip
    await snapshot_refresh.refresh()
    with visits.counting("counts"):
        assert await reasons(noor) == [("Vase", "New in Cups since your last order")]
    with visits.counting("visits"):
        assert await reasons(noor) == [("Cup", "You looked at this on 14 Feb")]
        history = await personal_history.of_person(noor.id, clock.now(), with_visits=False)
        assert history is not None and history.looked == () and history.visited_at is None
        await database.execute("UPDATE visit_consent SET asked = 'told'")
        assert await reasons(noor) == [("Vase", "New in Cups since your last order")]


@pytest.mark.parametrize("who", ["themselves", "the shop", "erasure"])
async def test_switched_off_nothing_is_read_at_all(noor: Any, who: str) -> None:
    mug, _ = await past_orders.mug_and_bowl()
    await past_orders.bought(noor.id, mug)
    assert len(await reasons(noor)) == 1
    if who == "themselves":
        await personal_switch.switch_off(noor.id)
    elif who == "erasure":
        await erasure.erase(noor.id)
    else:
        with visits.counting("counts", personal_shelves="off"):
            assert not personal_history.is_on() and await reasons(noor) == []
            assert await personal_history.of_people([noor.id], clock.now()) == {}
        assert shop_settings.current().personal_shelves == "on"
        return
    assert await personal_history.of_person(noor.id, clock.now()) is None
    assert await personal_history.of_people([noor.id], clock.now()) == {}
    assert await reasons(noor) == []


async def test_a_switch_is_kept_and_forgotten_with_the_person(noor: Any) -> None:
    off = "SELECT personal_off_at FROM person WHERE id = $1"
    await personal_switch.switch_off(noor.id)
    first = await database.fetch_value(off, noor.id)
    clock.set_everywhere(clock.now() + HOUR)
    await personal_switch.switch_off(noor.id)
    assert first and await database.fetch_value(off, noor.id) == first
    await personal_switch.switch_on(noor.id)
    assert await database.fetch_value(off, noor.id) is None
    await personal_switch.switch_off(noor.id)
    await erasure.erase(noor.id)
    assert await database.fetch_value(off, noor.id) is None


async def test_many_people_are_one_statement(noor: Any) -> None:
    mug, _ = await past_orders.mug_and_bowl()
    theo = await people.customer("theo@kiln.test", name="Theo")
    await past_orders.bought(theo.id, mug)
    with database.counted() as tally:
        found = await personal_history.of_people([noor.id, theo.id], clock.now())
    assert tally.count == 1 and set(found) == {noor.id, theo.id}
    assert [one.title for one in found[theo.id].bought] == ["Moon mug"] and found[noor.id].bought == ()
