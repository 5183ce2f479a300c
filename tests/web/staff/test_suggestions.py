"""Staff read suggestions, take their rows with them, try a draft of which nothing is saved, and decide."""

import csv
import io
from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.insights.suggestions import suggestion_job, suggestions
from components.insights.suggestions.suggestions import SuggestionView
from components.memberships.grants import complimentary
from components.memberships.plans import plan_cache, plan_catalogue
from components.people.privacy import personal_switch
from components.segments import customer_tags, segments
from tests.support import make_plans, people, segment_people, suggestion_shop
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.support.suggestion_shop import MANY

PAGE = "/staff/suggestions"


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def found() -> dict[str, SuggestionView]:
    """A shop with collections at full price, searches in vain, and baskets just below free delivery."""
    made = suggestion_shop.begun(clock.now())
    for number in range(MANY):
        made.order(made.member(), days=3, unit=4000 + number, delivery=395)
        made.add(
            "view_count", day=made.at(number % 80 + 1).date(), kind="search", subject=f"teapot{number // 80}",
            is_member=False, times=3, empty_times=3,
        )  # fmt: skip
    made.add("view_count", day=made.at(2).date(), kind="product", subject="mug", is_member=True, times=900,
             empty_times=0)  # fmt: skip
    await segment_people.insert(made.rows)
    await plan_cache.refresh()
    await suggestion_job.look_for_all()
    return {one.kind: one for one in await suggestions.shown_as("open")}


async def test_before_the_first_night_the_page_says_so_and_looks_when_asked(owner: Browser, shop: Shop) -> None:
    page = await owner.get(PAGE)
    assert page.status == 200 and page.words.count("Not looked for yet") > 10
    page = await owner.submit(page, PAGE)
    assert "They are being looked for now" in page.words
    await shop.catch_up()
    page = await owner.get(PAGE)
    assert "Nothing here" in page.words and "Nothing found" in page.words and "being looked" not in page.words


async def test_a_suggestion_says_how_it_was_worked_out_and_its_file_has_every_row(owner: Browser) -> None:
    one = (await found())["full_price"]
    page = await owner.get(PAGE)
    assert one.sentence in page.words
    page = await owner.get(f"{PAGE}/{one.id}")
    assert page.status == 200 and "What it assumes" in page.words and f"{MANY} rows, together" in page.words
    assert (await owner.get(f"{PAGE}/{one.id}?page=2")).status == 200
    assert (await owner.get(f"{PAGE}/{one.id}?page=3")).status == 404
    rows = list(csv.reader(io.StringIO((await owner.get(f"{PAGE}/{one.id}/export")).text.lstrip("\ufeff"))))
    assert rows[0][:6] == ["When", "Customer", "What", "Order", "Counts for", "Amount"]
    assert sum(round(100 * float(row[5])) for row in rows[1:]) == one.amount and len(rows) == MANY + 1


async def test_today_has_three_at_most_and_only_for_whoever_sees_figures(owner: Browser, shop: Shop) -> None:
    assert len(await found()) > 3
    await database.execute("UPDATE suggestion SET amount = 9000 WHERE kind IN ('vain_search', 'unused_coupon')")
    assert await database.fetch_value("SELECT count(*) FROM suggestion WHERE amount > 0") == 4
    page = await owner.get("/staff")
    assert page.text.count(f'href="{PAGE}/') == 3 and "All suggestions" in page.words
    await people.staff(permissions=("orders",))
    sam = await shop.signed_in("sam@kiln.test")
    assert PAGE not in (await sam.get("/staff")).text
    assert (await sam.get(PAGE)).status == 403


@pytest.mark.parametrize(
    ("kind", "path", "typed"),
    [
        ("just_below", "/staff/benefits/", 'value="40.00"'),
        ("vain_search", "/staff/collections/new", 'value="Teapot0"'),
        ("full_price", "/staff/simulator/new", 'value="A member price on Mugs"'),
    ],
)
async def test_a_draft_opens_filled_in_and_changes_nothing(owner: Browser, kind: str, path: str, typed: str) -> None:
    one = (await found())[kind]
    before = await database.fetch_value("SELECT count(*) FROM benefit_version")
    page = await owner.submit(await owner.get(f"{PAGE}/{one.id}"), f"{PAGE}/{one.id}/draft")
    assert page.path.startswith(path) and typed in page.text, page.path
    assert "Nothing changes until you save it" in page.words, page.words[:900]
    assert await database.fetch_value("SELECT count(*) FROM benefit_version") == before
    assert await database.fetch_value("SELECT count(*) FROM rule_draft") == 0


async def test_a_draft_is_only_for_whoever_may_open_it(owner: Browser, shop: Shop) -> None:
    one = (await found())["just_below"]
    await people.staff(permissions=("metrics",))
    sam = await shop.signed_in("sam@kiln.test")
    page = await sam.get(f"{PAGE}/{one.id}")
    assert page.status == 200 and "/draft" not in page.text


async def test_it_is_dismissed_with_a_reason_reopened_put_off_and_done(owner: Browser) -> None:
    one = (await found())["full_price"]
    here = f"{PAGE}/{one.id}"
    page = await owner.submit(await owner.get(here), f"{here}/dismissal", reason="")
    assert page.status == 422 and "Why" in page.words
    page = await owner.submit(page, f"{here}/dismissal", reason="We like it so")
    assert "Dismissed by" in page.words and "We like it so" in page.words
    assert one.sentence in (await owner.get(f"{PAGE}?show=dismissed")).words
    assert one.sentence not in (await owner.get(PAGE)).words
    late = await owner.post(f"{here}/completion")
    assert late.status == 409 and "decided already" in late.words
    page = await owner.submit(await owner.get(here), f"{here}/reopening")
    assert (await owner.post(f"{here}/reopening")).status == 409
    page = await owner.submit(page, f"{here}/snooze", days="0")
    assert page.status == 422
    page = await owner.submit(page, f"{here}/snooze", days="30")
    assert "Put off until" in page.words
    page = await owner.submit(page, f"{here}/reopening")
    page = await owner.submit(page, f"{here}/completion")
    assert "Done by" in page.words and "Put off by" in page.words
    said = "SELECT count(*) FROM audit_entry WHERE what = 'suggestion decided'"
    assert await database.fetch_value(said) == 5


async def test_what_is_not_there_is_not_found(owner: Browser) -> None:
    nobody = f"{PAGE}/01890000-0000-7000-8000-000000000000"
    assert (await owner.get(nobody)).status == 404 and (await owner.get(f"{PAGE}?show=all")).status == 404
    for act in ("draft", "completion", "reopening"):
        assert (await owner.post(f"{nobody}/{act}")).status == 404, act


async def test_an_address_fills_in_a_form_and_saves_nothing(owner: Browser) -> None:
    await make_plans.club()
    page = await owner.get("/staff/plans/new?name=Club+by+the+year&interval=year&price=39.00&nonsense=1")
    assert page.status == 200 and 'value="Club by the year"' in page.text and 'value="39.00"' in page.text
    page = await owner.get(f"/staff/simulator/new?name={'x' * 5000}")
    assert page.status == 200 and f'value="{"x" * 300}"' in page.text
    page = await owner.get("/staff/save-offers?kind=downgrade&reason=price&plan=nothing")
    assert page.status == 200


async def joiners() -> SuggestionView:
    made = suggestion_shop.begun(clock.now())
    made.order(made.member(plan=suggestion_shop.BASIC), days=30, unit=10_000, saved=2_000)
    for number in range(MANY + 20):
        made.order(made.person() if number < MANY else made.member(until=made.at(20)), days=40, unit=30_000)
    await segment_people.insert(made.rows)
    await plan_cache.refresh()
    await suggestion_job.look_for_all()
    return next(one for one in await suggestions.shown_as("open") if one.kind == "likely_joiners")


async def test_a_campaign_is_written_to_them_and_to_nobody_else(owner: Browser, shop: Shop) -> None:
    one = await joiners()
    await people.staff(permissions=("metrics", "campaigns"))
    sam = await shop.signed_in("sam@kiln.test")
    assert "/draft" not in (await sam.get(f"{PAGE}/{one.id}")).text
    refused = await sam.post(f"{PAGE}/{one.id}/draft")
    assert refused.status == 403 and "permissions for members" in refused.words
    assert await database.fetch_value("SELECT count(*) FROM customer_tag") == 0
    page = await owner.submit(await owner.get(f"{PAGE}/{one.id}"), f"{PAGE}/{one.id}/draft")
    assert page.path.startswith("/staff/campaigns/new") and "Nothing changes until you save it" in page.words
    assert await database.fetch_value("SELECT count(*) FROM customer_tag") == 0, "looking at a draft tags nobody"
    assert await segments.active() == ()
    form = page.form("/staff/campaigns")
    assert (
        form.given["subject"] == f"You would have saved with {one.name}"
        and "Hello{if first name}" in form.given["body"]
    )
    assert form.given["segment"] == f"suggestion:{one.id}" and f"The {MANY} customers of the suggestion" in page.words
    looked = await owner.submit(page, "/staff/campaigns", look="1")
    assert "What members get on orders like yours" in looked.text
    assert await database.fetch_value("SELECT count(*) FROM customer_tag") == 0, "nor does a preview"
    assert (await sam.get(f"/staff/campaigns/new?suggestion={one.id}")).status == 403
    saved = await owner.submit(looked, "/staff/campaigns")
    assert "Saved as a draft" in saved.alerts() and f"{MANY} customers are tagged “{one.draft.tag}”" in saved.alerts()
    wanted = set(await database.fetch_values("SELECT person FROM suggestion_row WHERE suggestion = $1", one.id))
    kept = next(each for each in await segments.active())
    assert await database.fetch_value("SELECT segment FROM campaign") == kept.id
    sql, args = segments.compiled(kept.rules)
    assert set(await database.fetch_values(sql, *args)) == wanted and len(wanted) == MANY
    stray = await database.fetch_value("SELECT id FROM person WHERE email = 'iris@kiln.test'")
    await customer_tags.add(stray, one.draft.tag)
    page = await owner.submit(await owner.get(f"{PAGE}/{one.id}"), f"{PAGE}/{one.id}/draft")
    await owner.submit(page, "/staff/campaigns")
    assert set(await database.fetch_values(sql, *args)) == wanted, "who is not among them any more is tagged no longer"
    assert len(await segments.active()) == 1


async def test_who_joined_or_switched_it_off_since_is_not_written_to(owner: Browser) -> None:
    one = await joiners()
    off, joined, later, *_ = await database.fetch_values(
        "SELECT person FROM suggestion_row WHERE suggestion = $1 ORDER BY number", one.id
    )
    await personal_switch.switch_off(off)
    await complimentary.grant(joined, plan_catalogue.by_slug("basic"), until=None, by=people.NOBODY)
    page = await owner.submit(await owner.get(f"{PAGE}/{one.id}"), f"{PAGE}/{one.id}/draft")
    assert f"The {MANY - 2} customers of the suggestion" in page.words
    await owner.submit(page, "/staff/campaigns")
    assert not {off, joined} & set(await database.fetch_values("SELECT person FROM customer_tag"))
    await complimentary.grant(later, plan_catalogue.by_slug("basic"), until=None, by=people.NOBODY)
    [kept] = await segments.active()
    sql, args = segments.compiled(kept.rules)
    written = set(await database.fetch_values(sql, *args))
    assert later not in written and len(written) == MANY - 3, "joined after it was saved"


async def test_what_is_no_money_has_no_amounts_and_is_not_on_today(owner: Browser) -> None:
    made = suggestion_shop.begun(clock.now())
    for _ in range(MANY):
        made.member()
    await segment_people.insert(made.rows)
    await plan_cache.refresh()
    await suggestion_job.look_for_all()
    one = next(one for one in await suggestions.shown_as("open") if one.kind == "unused_benefit")
    page = await owner.get(f"{PAGE}/{one.id}")
    assert "No money. It makes room" in page.words and "£0.00" not in page.words and "Amount" not in page.words
    assert "£0.00" not in (await owner.get(PAGE)).words
    assert f'href="{PAGE}/' not in (await owner.get("/staff")).text


async def test_what_was_found_days_ago_is_not_on_today(owner: Browser) -> None:
    await found()
    assert f'href="{PAGE}/' in (await owner.get("/staff")).text
    await database.execute("UPDATE suggestion SET first_found_at = $1, found_at = $1", clock.now() - timedelta(days=3))
    assert f'href="{PAGE}/' not in (await owner.get("/staff")).text


async def test_too_little_says_of_what(owner: Browser) -> None:
    made = suggestion_shop.begun(clock.now())
    made.order(made.member(), days=3)
    await segment_people.insert(made.rows)
    await plan_cache.refresh()
    await suggestion_job.look_for_all()
    assert "Too few yet: 1 of the 100 it takes (orders of members)" in (await owner.get(PAGE)).words
