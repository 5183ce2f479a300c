"""Staff write words to join for segments, and see what a customer is shown and why; each look is on record."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from components.foundation import database, ids
from components.people.privacy import personal_switch
from components.recommendations import join_words, product_pairs
from components.segments import segment_editing
from tests.support import past_orders, people, visits
from tests.support.pages import Browser
from tests.support.shops import Shop

HAS_ORDERED = {"match": "all", "parts": [{"kind": "orders", "is": "at_least", "number": "1"}]}
LIST = "/staff/join-words"


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    product_pairs._known.clear()
    yield


@pytest.fixture
async def iris(goods: Shop) -> Browser:
    await people.owner()
    return await goods.signed_in("iris@kiln.test")


async def segment(name: str = "Buyers") -> UUID:
    return await segment_editing.create(name, HAS_ORDERED)


async def test_words_are_written_changed_ordered_and_removed(iris: Browser) -> None:
    assert "No segment to write for" in (await iris.get(f"{LIST}/new")).words
    first, second = await segment(), await segment("Fans")
    for one, title in ((first, "Welcome back"), (second, "You again")):
        page = await iris.submit(
            await iris.get(f"{LIST}/new"), f"{LIST}/new", segment=str(one), title=title, text="*Hi*"
        )
        assert "Words saved." in page.words and title in page.words
    rows = await join_words.all_words()
    assert [one.title for one in rows] == ["Welcome back", "You again"]
    await iris.post(f"{LIST}/{rows[1].id}/move", {"places": "-1"})
    assert [one.title for one in await join_words.all_words()] == ["You again", "Welcome back"]
    edit = await iris.get(f"{LIST}/{rows[0].id}")
    assert "For Buyers." in edit.words
    await iris.submit(edit, f"{LIST}/{rows[0].id}", title="Hello again")
    assert (await join_words.by_id(rows[0].id)).title == "Hello again"
    late = await iris.submit(edit, f"{LIST}/{rows[0].id}", title="Mine")
    assert late.status == 409 and "This was saved meanwhile" in late.words
    page = await iris.get(f"/staff/segments/{first}")
    assert "Words to join" in page.words and "Hello again" in page.words
    await iris.post(f"{LIST}/{rows[0].id}/removal")
    assert (await iris.get(f"{LIST}/{rows[0].id}")).status == 404
    assert [one.title for one in await join_words.all_words()] == ["You again"]
    said = await database.fetch_values("SELECT what FROM audit_entry WHERE what LIKE 'words to join%'")
    assert sorted(said) == [f"words to join {did}" for did in ("added", "added", "changed", "moved", "removed")]


async def test_what_cannot_be_is_refused_in_words(iris: Browser) -> None:
    one = await segment()
    page = await iris.post(f"{LIST}/new", {"segment": str(one), "title": ""})
    assert page.status == 422 and page.alerts()
    for wrong in (str(ids.new()), "x", ""):
        page = await iris.post(f"{LIST}/new", {"segment": wrong, "title": "Hello"})
        assert page.status == 422 and page.alerts()
    await iris.post(f"{LIST}/new", {"segment": str(one), "title": "Hello"})
    again = await iris.post(f"{LIST}/new", {"segment": str(one), "title": "Hello"})
    assert again.status == 422 and len(await join_words.all_words()) == 1
    with pytest.raises(join_words.JoinWordsRefused):
        await join_words.add(one, "Twice", "", by=None)
    gone = await segment("Gone")
    await segment_editing.archive(gone, by=None)
    with pytest.raises(join_words.JoinWordsRefused):
        await join_words.add(gone, "Archived", "", by=None)
    unknown = f"{LIST}/{ids.new()}"
    for answer in (
        await iris.get(unknown),
        await iris.post(unknown, {"title": "x"}),
        await iris.post(f"{unknown}/removal"),
    ):
        assert answer.status == 404
    assert (await iris.post(f"{unknown}/move", {"places": "1"})).status == 404


async def test_no_more_than_twenty(iris: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join_words, "MOST", 1)
    await join_words.add(await segment(), "One", "", by=None)
    with pytest.raises(join_words.JoinWordsRefused, match="at most 1"):
        await join_words.add(await segment("Two"), "Two", "", by=None)


async def test_archived_a_segment_says_that_its_words_rest(iris: Browser) -> None:
    one = await segment()
    await join_words.add(one, "Welcome back", "", by=None)
    page = await iris.post(f"/staff/segments/{one}/archive")
    assert "Its words to join are not said until it is brought back." in page.words
    assert "Coupons go on" not in page.words
    assert "Segment archived" in (await iris.get(LIST)).words


async def looks() -> int:
    return int(
        await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'choices for a customer looked at'")
    )


async def test_staff_see_what_a_customer_is_shown_and_why_and_that_is_on_record(iris: Browser) -> None:
    mug, _ = await past_orders.mug_and_bowl()
    noor = await people.customer()
    page = await iris.get(f"/staff/members/{noor.id}/for-you")
    assert "Nothing: the home page shows them the collection" in page.words and "no paid orders" in page.words
    await past_orders.bought(noor.id, mug)
    await join_words.add(await segment(), "Welcome back", "", by=None)
    page = await iris.get(f"/staff/members/{noor.id}/for-you")
    for words in ("Ash bowl", "Because you bought Moon mug", "Welcome back", "because they fit Buyers", "bought on"):
        assert words in page.words
    assert await looks() == 2
    assert f"/staff/members/{noor.id}/for-you" in (await iris.get(f"/staff/members/{noor.id}")).links()
    await personal_switch.switch_off(noor.id)
    page = await iris.get(f"/staff/members/{noor.id}/for-you")
    assert "They have switched it off" in page.words
    assert not any(words in page.words for words in ("Ash bowl", "Because", "Welcome back", "bought on"))
    with visits.counting("counts", personal_shelves="off"):
        await personal_switch.switch_on(noor.id)
        assert "switched off for the whole shop" in (await iris.get(f"/staff/members/{noor.id}/for-you")).words
    assert (await iris.get(f"/staff/members/{ids.new()}/for-you")).status == 404
