"""Staff write segments without JavaScript and with it, see who fits, take them with them, and put tags on customers."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from components.campaigns import campaigns
from components.campaigns.tables import Campaign
from components.foundation import clock, database, ids
from components.foundation.database import pool
from components.people import customer_accounts
from components.people.privacy import erasure
from components.segments import customer_tags, segment_editing, segments
from tests.components.campaigns import made
from tests.support import canary_rows, make_plans, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.staff.segments import segment_reasons

NEW = "/staff/segments/new"
NO_ORDER = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": "0"}]}


@pytest.fixture
async def sam(shop: Shop) -> Browser:
    await people.staff(permissions=("members",))
    return await shop.signed_in("sam@kiln.test")


async def press(browser: Browser, page: Page, do: str, **typed: str) -> Page:
    return await browser.submit(page, page.path, do=do, **typed)


async def test_a_segment_is_written_button_by_button_and_saved(sam: Browser) -> None:
    page = await press(sam, await sam.get(NEW), "add", kind="orders", name="Quiet ones")
    assert page.status == 200 and "Number of orders" in page.words and "Fill in the rules" in page.words
    page = await press(sam, page, "group", **{"p0.is": "at_most", "p0.number": "0"})
    assert "Customers who have never placed an order" not in page.words and "Group 2" in page.words
    page = await press(sam, page, "add:1", kind1="tag")
    page = await press(sam, page, "add:1", kind1="language", **{"p1.0.tag": " Press "})
    page = await press(sam, page, "remove:1.0", **{"p1.1.language": "en"})
    assert "Customers who have never placed an order and use the shop in this language: English" in page.words
    assert "1 customer on" in page.words
    page = await sam.submit(page, NEW)
    assert page.heading == "Quiet ones" and "sam@kiln.test" in page.words, page.words
    assert "Nowhere yet" in page.words
    listed = await sam.get("/staff/segments")
    assert "Quiet ones" in listed.words and "at 12:00" in listed.words, listed.words


async def test_a_rule_by_forecasts_says_that_there_are_none_yet(sam: Browser) -> None:
    sent = {"name": "Leavers", "match": "all", "p0.kind": "at_risk", "p0.is": "yes", "p0.risk": "*"}
    part = await sam.post_for_part(NEW, {**sent, "look": "1"})
    assert "is not worked out yet" in part.words and "0 customers" not in part.words
    page = await sam.post(NEW, sent)
    assert "is not worked out yet" in page.words and "Nobody fits these rules" not in page.words
    await database.execute(
        "INSERT INTO forecast (id, kind, model, words, people, interval, interval_count, parameters, outcome, past,"
        " fitted_at) VALUES (gen_random_uuid(), 'orders', '', 'Too few', 0, '', 0, '[]', '{}', '[]', $1)",
        clock.now(),
    )
    part = await sam.post_for_part(NEW, {**sent, "look": "1"})
    assert "0 customers" in part.words and "is not worked out yet" not in part.words
    assert "Nobody fits these rules" in (await sam.get(page.path)).words
    listed = (await sam.get("/staff/segments")).words
    assert "Not worked out yet" not in listed and "Leavers" in listed


async def test_the_list_says_what_is_not_worked_out_instead_of_none(sam: Browser) -> None:
    for risk in ("*", "orders", "ending"):
        rules = {"match": "all", "parts": [{"kind": "at_risk", "is": "yes", "risk": risk}]}
        await segments.counted(await segment_editing.create(f"By {risk}", rules))
    page = (await sam.get("/staff/segments")).words
    assert page.count("Not worked out yet") == 2 and "By ending Members who have cancelled" in page
    assert "cancelled or owe a payment. 0" in page, "who has cancelled is known without any forecast"


async def test_who_has_cancelled_fits_before_anything_is_worked_out(sam: Browser, shop: Shop) -> None:
    sent = {"name": "Leavers", "match": "all", "p0.kind": "at_risk", "p0.is": "yes", "p0.risk": "*", "look": "1"}
    person = await database.fetch_value("SELECT id FROM person WHERE email = 'sam@kiln.test'")
    sub = {"id": ids.new(), "payer": person, "status": "active", "plan_version": ids.new(), "cancel_at": clock.now()}
    await canary_rows.add_all("subscription", [sub])
    part = await sam.post_for_part(NEW, sent)
    assert "so nobody can fit it" in part.words, "who is no member can’t leave"
    await make_plans.club(price=450, interval="month", slug="held")
    plan = await database.fetch_value("SELECT id FROM plan WHERE slug = 'held'")
    held = {
        "id": ids.new(),
        "plan": plan,
        "holder": person,
        "source": "subscription",
        "source_id": sub["id"],
        "ends_at": None,
    }
    await canary_rows.add_all("membership", [held | {"starts_at": clock.now() - timedelta(days=400)}])
    part = await sam.post_for_part(NEW, sent)
    assert "1 customer on" in part.words and "so far only members who have cancelled or owe a payment" in part.words
    for rule in (
        {"p0.is": "no"},
        {"p0.is": "no", "p0.risk": "orders"},
        {"match": "any", "p1.kind": "account", "p1.is": "yes"},
    ):
        words = (await sam.post_for_part(NEW, sent | rule)).words
        assert "so far only" not in words and "this number will change" in words, rule


async def test_a_rule_with_nothing_left_to_fill_in_is_counted_as_soon_as_it_is_added(sam: Browser) -> None:
    page = await press(sam, await sam.get(NEW), "add", kind="agreed")
    assert "Customers who" in page.words and "customer" in page.words and "Fill in the rules" not in page.words


async def test_count_and_sentence_follow_while_it_is_written(sam: Browser) -> None:
    sent = {"name": "", "match": "none", "p0.kind": "orders", "p0.is": "at_least", "p0.number": "1", "look": "1"}
    part = await sam.post_for_part(NEW, sent)
    assert "All customers except those who have placed at least 1 order in all" in part.words
    assert "1 customer on" in part.words and "New segment" not in part.words
    part = await sam.post_for_part(NEW, {**sent, "p0.number": "many"})
    assert part.status == 200 and "Fill in the rules" in part.words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Give the segment a name."),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"p0.number": "-1"}, "Enter a whole number."),
        ({"p0.number": "1000000"}, "Enter a number from 0 to 100000."),
        ({"p0.number": ""}, "Fill this in."),
        ({"p0.days": "0"}, "Enter a number from 1 to 36500."),
        ({"p0.is": "exactly"}, "Choose one of the list."),
        ({"p0.kind": "shoe_size"}, "There is no such rule."),
        ({"p1.match": "any"}, "Add a rule to the group, or remove the group."),
        ({"p1.kind": "product", "p1.is": "yes", "p1.product": "no such"}, "There is no active product with this name."),
        ({"p1.kind": "spent", "p1.is": "at_least", "p1.amount": "-5"}, "Enter an amount of zero or more."),
        ({"p1.kind": "spent", "p1.is": "at_least", "p1.amount": "lots"}, "Enter an amount like 12.50."),
        ({"p1.kind": "searched", "p1.is": "yes", "p1.words": "a@b.test"}, "Enter other words."),
        (
            {"p1.kind": "viewed_article", "p1.is": "yes", "p1.article": "two words"},
            "last part of the article’s address",
        ),
        ({"p1.kind": "agreed", "p1.is": "yes", "p1.emails": "post"}, "Choose one of the list."),
        ({"p1.kind": "tag", "p1.is": "yes", "p1.tag": "a,b"}, "1 to 40 characters and no comma"),
        (
            {f"p{n}.kind": "account" for n in range(1, 21)} | {f"p{n}.is": "yes" for n in range(1, 21)},
            "at most 20 rules",
        ),
    ],
)
async def test_what_no_segment_can_be_is_said_in_words(sam: Browser, changes: dict[str, str], words: str) -> None:
    sent = {"name": "Q", "match": "all", "p0.kind": "orders", "p0.is": "at_least", "p0.number": "1", "p0.days": ""}
    page = await sam.post(NEW, {**sent, **changes})
    assert page.status == 422 and words in page.words, page.words
    assert await database.fetch_value("SELECT count(*) FROM segment") == 0


async def test_a_form_of_nonsense_is_refused_in_words(sam: Browser) -> None:
    for sent in (
        {},
        {"p0.0.0.kind": "orders"},
        {"p999.match": "x"},
        {"do": "remove:7"},
        {"do": "add:x", "kindx": "tag"},
        {"p0.parts": "x"},
        {"p0.parts": "x", "do": "add:0", "kind0": "tag"},
        {"p0.kind": "account", "p0.is": "yes", "do": "add:" + "9" * 5000},
        {"p0.kind": "account", "p0.is": "yes", "do": "remove:" + "9" * 5000},
    ):
        page = await sam.post(NEW, {"name": "Q", **sent})
        assert page.status in (200, 422) and await database.fetch_value("SELECT count(*) FROM segment") == 0
    for path in ("/staff/segments/01890000-0000-7000-8000-000000000000", "/staff/members?segment=x"):
        assert (await sam.get(path)).status == 404


async def test_two_segments_do_not_share_a_name_and_a_change_is_not_lost(sam: Browser) -> None:
    first = await segment_editing.create("Quiet", NO_ORDER)
    page = await sam.post(NEW, {"name": "quiet", "match": "all", "p0.kind": "account", "p0.is": "yes"})
    assert page.status == 422 and "already a segment with this name" in page.words
    page = await sam.get(f"/staff/segments/{first}/edit")
    with clock.frozen(clock.in_days(1)):
        await segment_editing.revise(first, "Quieter", NO_ORDER)
    page = await sam.submit(page, page.path, name="Quietest")
    assert page.status == 409 and "changed this at the same time" in page.words
    assert (await segments.by_id(first)).name == "Quieter"


async def test_archived_and_brought_back(sam: Browser) -> None:
    kept = await segment_editing.create("Quiet", NO_ORDER)
    page = await sam.post(f"/staff/segments/{kept}/archive")
    assert "Quiet is archived" in page.words and "Undo" in page.words and "Archived" in page.words
    edit = await sam.get(f"/staff/segments/{kept}/edit")
    page = await sam.submit(edit, edit.path)
    assert page.status == 409 and "archived" in page.words
    other = await segment_editing.create("Quiet", NO_ORDER)
    page = await sam.post(f"/staff/segments/{kept}/restoration")
    assert "already a segment with this name" in page.words
    await segment_editing.archive(other)
    page = await sam.post(f"/staff/segments/{kept}/restoration")
    assert page.heading == "Quiet" and "Quiet is back" in page.words
    told = await database.fetch_values("SELECT what FROM audit_entry WHERE subject = 'segment' ORDER BY at, id")
    assert told.count("segment archived") == 2 and told.count("segment brought back") == 1


async def test_campaigns_that_have_not_begun_are_named_before_and_after_it_is_archived(sam: Browser) -> None:
    owner = await made.owner()
    kept = await segment_editing.create("Quiet", NO_ORDER)
    one = await campaigns.create(replace(made.DRAFT, segment=kept), by=owner)
    page = await sam.get(f"/staff/segments/{kept}")
    assert "Campaign (draft): Spring sale" in page.words and f"/staff/campaigns/{one.id}" in page.links()
    assert "Once it is archived: Campaigns that have not begun are not sent to it" in page.words
    page = await sam.post(f"/staff/segments/{kept}/archive")
    assert "Quiet is archived. Campaigns that have not begun are not sent to it" in page.words
    assert "Coupons go on" not in page.words
    await segment_editing.restore(kept)
    await campaigns.schedule(one.id, at=clock.now(), version=1, by=owner)
    assert "Campaign (scheduled)" in (await sam.get(f"/staff/segments/{kept}")).words
    await made.tick()
    page = await sam.get(f"/staff/segments/{kept}")
    assert "Spring sale" not in page.words and "Once it is archived" not in page.words
    begun = {Campaign.state: "sending", Campaign.ended_at: None, Campaign.fixed_at: None}
    await Campaign.update(begun).where(Campaign.id == one.id)
    page = await sam.get(f"/staff/segments/{kept}")
    assert "Campaign (sending): Spring sale" in page.words and "just being addressed is stopped" in page.words


async def test_its_customers_are_paged_filed_and_found_in_the_list(sam: Browser) -> None:
    for number in range(30):
        clock.set_everywhere(clock.now() + timedelta(seconds=1))  # the list has them in this order
        await customer_accounts.sign_up(f"c{number}@kiln.test", name=f"=C{number}", password=None)
    kept = await segment_editing.create("Quiet", NO_ORDER)
    page = await sam.get(f"/staff/segments/{kept}")
    first = set(re.findall(r"\w+@kiln\.test", page.words))
    assert "31 customers" in page.words
    (following,) = [one for one in page.links() if "after=" in one]
    page = await sam.get(following)
    second = set(re.findall(r"\w+@kiln\.test", page.words))
    assert (len(first), len(second), len(first | second)) == (25, 6, 31)
    assert [one for one in page.links() if "after=" in one] == [] and "From the beginning" in page.words
    file = await sam.get(f"/staff/segments/{kept}/export.csv")
    assert file.text.count("@kiln.test") == 31 and "'=C3" in file.text
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'exported'") == 1
    page = await sam.get(f"/staff/members?show=all&segment={kept}")
    assert "Only customers of the segment Quiet" in page.words and "c29@kiln.test" in page.words, page.words
    page = await sam.get(f"/staff/members?show=all&segment={kept}&q=c2%40")
    assert "c2@kiln.test" in page.words and "c3@kiln.test" not in page.words


async def test_tags_are_put_on_taken_off_and_erased(sam: Browser) -> None:
    noor = await people.customer()
    here = f"/staff/members/{noor.id}"
    page = await sam.post(f"{here}/tags", {"tag": "  Local   Press "})
    assert "Tag “local press” added" in page.words
    assert (await sam.post(f"{here}/tags", {"tag": "local press"})).status == 200
    assert "1 to 40 characters" in (await sam.post(f"{here}/tags", {"tag": "x" * 41})).words
    assert await customer_tags.of_person(noor.id) == ("local press",)
    kept = await segment_editing.create("Quiet", NO_ORDER)
    page = await sam.post(f"/staff/segments/{kept}/tags", {"tag": "Quiet"})
    assert "“quiet” added to 2 customers" in page.words
    page = await sam.post(f"/staff/segments/{kept}/tags", {"tag": "quiet"})
    assert "“quiet” added to 0 customers" in page.words
    page = await sam.post(f"{here}/tags/removal", {"tag": "quiet"})
    assert await customer_tags.of_person(noor.id) == ("local press",)
    await erasure.erase(noor.id)
    assert not await segments.fits(NO_ORDER_STORED, noor.id)


NO_ORDER_STORED = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": 0}]}


async def test_where_one_rule_of_several_is_enough_the_page_says_which_each_fits(sam: Browser) -> None:
    """Of a group all have to be true: who fits one of its rules only is not in it for that."""
    noor, theo = await people.customer(name="Noor"), await people.customer("theo@kiln.test", name="Theo")
    for one, tags in ((noor, ("press",)), (theo, ("press", "vip", "old"))):
        for tag in tags:
            await customer_tags.add(one.id, tag)
    press, vip, old = ({"kind": "tag", "is": "yes", "tag": tag} for tag in ("press", "vip", "old"))
    inner = {"match": "all", "parts": [press, old]}
    made = await segment_editing.create("Some", {"match": "any", "parts": [vip, press, inner]}, by=None)
    page = await sam.get(f"/staff/segments/{made}")
    assert "Noor Are tagged “press” noor" in page.words, page.words
    both = "(are tagged “press” and are tagged “old”)"
    assert f"Theo Are tagged “vip”; Are tagged “press”; {both} theo" in page.words
    file = (await sam.get(f"/staff/segments/{made}/export.csv")).text
    assert "Customer since,Why" in file and ",Are tagged “press”\r\n" in file, file
    assert f",Are tagged “vip”; Are tagged “press”; {both}\r\n" in file
    for group in ({"match": "all", "parts": [press]}, {"match": "none", "parts": [vip, old]}):
        alike = await segment_editing.create(str(group["match"]), group, by=None)
        page = await sam.get(f"/staff/segments/{alike}")
        assert "noor@kiln.test" in page.words and "Why" not in page.words, "its sentence says it of all alike"


async def test_why_is_asked_in_one_statement_whatever_the_rules(sam: Browser) -> None:
    """So that all of them together wait no longer than one."""
    noor = await people.customer(name="Noor")
    parts = [{"kind": "tag", "is": "yes", "tag": f"tag{number}"} for number in range(5)]
    with pool.counted() as queries:
        await segment_reasons.of_people({"match": "any", "parts": parts}, [noor.id], clock.now())
    assert queries.count <= 4, "a transaction, its patience, and one statement"


async def test_a_campaign_begins_with_the_segment_it_is_written_from(shop: Shop, sam: Browser) -> None:
    kept = await segment_editing.create("Quiet", NO_ORDER_STORED, by=None)
    there = f"/staff/campaigns/new?segment={kept}"
    assert there not in (await sam.get(f"/staff/segments/{kept}")).links(), "not for whoever may write none"
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    assert there in (await iris.get(f"/staff/segments/{kept}")).links()
    assert (await iris.get(there)).form("/staff/campaigns").given["segment"] == str(kept)
    await iris.post(f"/staff/segments/{kept}/archive")
    assert there not in (await iris.get(f"/staff/segments/{kept}")).links()
