"""What came of a suggestion's draft is said and linked, and a suggestion that was acted on rests for a month."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.insights.suggestions import suggestion_job, suggestions
from components.insights.suggestions.suggestions import SuggestionView
from tests.support import people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.staff.test_suggestions import PAGE, found, joiners


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def tried(owner: Browser, one: SuggestionView) -> Page:
    return await owner.submit(await owner.get(f"{PAGE}/{one.id}"), f"{PAGE}/{one.id}/draft")


async def test_a_changed_benefit_is_said_and_judged_by_what_came_after(owner: Browser) -> None:
    one = (await found())["just_below"]
    page = await tried(owner, one)
    assert (await suggestions.by_id(one.id)).shown == "open", "looking at a draft is no act"
    page = await owner.submit(page, page.path.split("?")[0])
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'benefit changed'") == 1, (
        page.words
    )
    after = await suggestions.by_id(one.id)
    assert after.shown == "tried"
    page = await owner.get(f"{PAGE}/{one.id}")
    assert "Benefit changed on" in page.words and f"/staff/benefits/{one.subject}" in page.text
    assert "rests for 30 days" in page.words and "Draft opened by" in page.words and one.sentence in page.words
    assert one.sentence not in (await owner.get(PAGE)).words
    assert one.sentence in (await owner.get(f"{PAGE}?show=tried")).words
    assert one.sentence not in (await owner.get("/staff")).words
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        await suggestion_job.look_for_all()
    assert "just_below" not in {each.kind for each in await suggestions.shown_as("open")}
    assert (await suggestions.by_id(one.id)).gone_at is not None, "baskets of before say nothing of the new amount"


async def test_it_is_open_again_after_a_month_or_when_staff_reopen_it(owner: Browser) -> None:
    one = (await found())["vain_search"]
    await owner.submit(await tried(owner, one), "/staff/collections")
    slug = await database.fetch_value("SELECT slug FROM collection WHERE title = 'Teapot0'")
    page = await owner.get(f"{PAGE}?show=tried")
    assert "Collection made" in page.words and f'href="/staff/collections/{slug}"' in page.text
    assert (await owner.get(f"/staff/collections/{slug}")).status == 200
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert (await suggestions.by_id(one.id)).shown == "open"
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        page = await owner.submit(await owner.get(f"{PAGE}/{one.id}"), f"{PAGE}/{one.id}/reopening")
        assert (await suggestions.by_id(one.id)).shown == "open"
    assert "Collection made" in page.words, "what was made is still said"


async def test_a_draft_that_was_left_for_another_is_not_what_was_saved(owner: Browser) -> None:
    views = await found()
    await tried(owner, views["full_price"])
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        page = await tried(owner, views["vain_search"])
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await owner.submit(page, "/staff/collections")
        await owner.submit(await owner.get("/staff/simulator/new"), "/staff/simulator", name="Something else")
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'scenario created'") == 1
    assert (await suggestions.by_id(views["full_price"].id)).shown == "open"
    assert (await suggestions.by_id(views["vain_search"].id)).shown == "tried"


async def test_a_campaign_is_linked(owner: Browser) -> None:
    one = await joiners()
    await owner.submit(await tried(owner, one), "/staff/campaigns")
    made = await database.fetch_value("SELECT id FROM campaign")
    page = await owner.get(f"{PAGE}/{one.id}")
    assert "Campaign written on" in page.words and f"/staff/campaigns/{made}" in page.text
