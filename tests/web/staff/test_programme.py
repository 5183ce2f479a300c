"""The health of the programme: each ratio by hand, its figure with rows and file, and who may read members' words."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.insights.metrics.row_pages import read_key
from components.insights.movements import movements
from components.insights.programme import member_lift
from components.memberships.billing import cancellations, subscriptions
from components.memberships.plans import plan_catalogue
from tests.support import join_members, make_plans, people, worlds
from tests.support.pages import Browser
from tests.support.shops import Shop

JOINED, TODAY = datetime(2027, 1, 10, 12, tzinfo=UTC), datetime(2027, 3, 5, 12, tzinfo=UTC)
DECLINES = "4000000000000341"
WORDS = "Too dear <for> us"
ORDER = """INSERT INTO orders (id, number, person, email, name, currency, goods, member_savings, delivery_list,
  delivery_saved, delivery, tax, tax_rate, tax_name, total, delivery_method, address, price_context_key, placed_at,
  expires_at, paid_at) VALUES ($1, $2, $3, 'a@b.test', 'A', 'GBP', $4, 0, 0, 0, 0, 0, 0, '', $4, '', '{}', 'guest', $5,
  $5, $5)"""
FIGURES = ("grr", "nrr", "quick", "split", "renewals", "recovery", "lift", "tried", "saved", "reasons")


async def programme(shop: Shop) -> Browser:
    return await worlds.open_with("a programme of four members", shop, lambda: _programme(shop))


async def _programme(shop: Shop) -> Browser:
    """Ann, Ben, Cat and Dan join on 10 January for £4.50 a month. Ben cancels and stays, Cat cancels and goes in
    February, Dan's card is declined then and is paid with another one."""
    clock.set_everywhere(JOINED)
    await tax_rates.set_rate("GB", rate_bp=2000)
    await make_plans.club(price=450, interval="month", slug="monthly")
    for name in ("ann", "ben", "cat", "dan"):
        await join_members.joins(shop, plan_catalogue.by_slug("monthly"), email=f"{name}@kiln.test")
    clock.set_everywhere(JOINED + timedelta(days=5))
    for name, reason, words in (("ben", "use", ""), ("cat", "price", WORDS)):
        await cancellations.schedule(await running(name), reason=reason, words=words)
    await cancellations.withdraw(await running("ben"))
    await _card(shop, "dan", DECLINES)
    for day in (31, 32, 33):
        await join_members.until(shop, JOINED + timedelta(days=day))
    await _card(shop, "dan", "4242424242424242")
    for day in (34, 35, 40, 59):
        await join_members.until(shop, min(TODAY, JOINED + timedelta(days=day)))
    clock.set_everywhere(TODAY)
    await movements.record_everybody()
    ann = await join_members.person("ann@kiln.test")
    orders = ((ann, 5000, -20), (ann, 6000, 3), (ann, 7000, 40), (None, 4000, 30), (uuid4(), 2000, 30))
    for number, (person, total, days) in enumerate(orders):
        await database.execute(ORDER, uuid4(), f"P-{number}", person, total, JOINED + timedelta(days=days))
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def running(name: str) -> object:
    found = await subscriptions.running(await join_members.person(f"{name}@kiln.test"))
    assert found is not None
    return found.id


async def _card(shop: Shop, name: str, card: str) -> None:
    browser = await shop.signed_in(f"{name}@kiln.test")
    outcome = await shop.pay(await browser.post("/account/membership/card", {}), card)
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()


async def test_each_ratio_is_what_it_is_by_hand(shop: Shop) -> None:
    owner = await programme(shop)
    page = await owner.get("/staff/metrics/programme?months=1")
    assert page.status == 200 and "February 2027" in page.words
    assert page.words.count("The programme is shrinking: MRR fell by £3.75 from when the period began, to £11.25.") == 1
    assert "£3.75 was lost to members who left." in page.words
    for told in (
        "Gross revenue retention 75%", "Net revenue retention 75%", "Renewal rate 75% 3 of 4 renewals due",
        "Dunning recovery 100% 1 of 1 failed renewals", "Trial conversion —", "Quick ratio 0.00",
        "Cancelled 1 £3.75", "Payment failed 0 £0.00", "Other 0 £0.00", "Members 1 1 £70.00",
        "Everybody else 2 1 £30.00",
    ):  # fmt: skip
        assert told in page.words, told
    usual = (await owner.get("/staff/metrics/programme")).words
    assert "March 2026 to February 2027" in usual, "it opens on a year"
    assert "The programme is growing: MRR rose from nothing, when the period began, to £11.25." in usual
    longer = (await owner.get("/staff/metrics/programme?months=3")).words
    assert "December 2026 to February 2027" in longer
    for told in (
        "Save rate 50% 1 of 2 cancel attempts", "I don’t buy often enough 1 1 0 100%",
        "It costs more than it saves me 1 0 0 0%", "Gross revenue retention —", "Quick ratio 4.00",
        "Members 2 1 £65.00 100%", "Who joined, before 1 1 of 4 £50.00 0%", "Who joined, since 2 1 of 4 £65.00 100%",
    ):  # fmt: skip
        assert told in longer, told


async def test_today_says_whether_the_programme_is_healthy_and_why(shop: Shop) -> None:
    owner = await programme(shop)
    today, metrics = await owner.get("/staff"), await owner.get("/staff/metrics")
    assert "The programme is growing: MRR rose from nothing, to £11.25." in today.words
    assert "/staff/metrics" in today.links()
    said = re.search(r"£11\.25\. (New .*? lost to members who left\.)", metrics.words)
    assert said and said[1] in today.words, "as Metrics says it, which the link leads to"
    assert "Paying members 3" in today.words and "MRR £11.25" in today.words
    await people.staff("jo@kiln.test", ["orders"])
    assert "The programme is" not in (await (await shop.signed_in("jo@kiln.test")).get("/staff")).words


async def test_every_figure_opens_to_its_rows_and_a_file_of_them(shop: Shop) -> None:
    owner = await programme(shop)
    page = await owner.get("/staff/metrics/programme?months=3")
    linked = {href for href in page.links() if href.startswith("/staff/metrics/figures/")}
    assert linked == {f"/staff/metrics/figures/{key}-3" for key in FIGURES} | {"/staff/metrics/figures/cltv"}
    rows = {"grr": 0, "nrr": 0, "quick": 5, "split": 1, "renewals": 4, "recovery": 1, "lift": 4, "tried": 0}
    for key, number in {**rows, "saved": 2, "reasons": 2}.items():
        figure = await owner.get(f"/staff/metrics/figures/{key}-3")
        assert figure.status == 200 and len(figure.tree.findall(".//tbody/tr")) == number, key
        answer = await owner.get(f"/staff/metrics/figures/{key}-3/export")
        assert len(list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))) == number + 1, key
    for key in ("grr", "nrr"):
        figure = await owner.get(f"/staff/metrics/figures/{key}-1")
        assert len(figure.tree.findall(".//tbody/tr")) == 1, "nobody paid three months ago, four a month ago"
    for told, key in (
        ("3 renewed ÷ 4 due = 75%", "renewals"),
        ("1 recovered ÷ 1 first failed = 100%; £4.50 ÷ £4.50 = 100%", "recovery"),
        ("1 still paying ÷ 2 attempts = 50%", "saved"), ("£15.00 won ÷ £3.75 lost = 4.00", "quick"),
        ("1 cancelled (£3.75) + 0 payment failed (£0.00) + 0 other (£0.00) = 1", "split"),
        ("£65.00 members’ average order ÷ £36.67 of others − 1 = 77.27%", "lift"),
    ):  # fmt: skip
        assert told in (await owner.get(f"/staff/metrics/figures/{key}-3")).words, told
    assert "(— ARPU" not in (await owner.get("/staff/metrics/figures/cltv")).words


async def test_fewer_than_thirty_members_have_no_lifetime_value(shop: Shop) -> None:
    page = await (await programme(shop)).get("/staff/metrics/figures/cltv")
    assert page.heading.endswith(": —") and "£3.75 ARPU" in page.words


@pytest.mark.parametrize("key", ["grr", "grr-", "grr-2", "grr-x", "grr--1", "magic-3", "cltv-3", "saved-0"])
async def test_other_figures_and_spans_are_not_found(shop: Shop, key: str) -> None:
    owner = await programme(shop)
    assert (await owner.get(f"/staff/metrics/figures/{key}")).status == 404
    assert (await owner.get(f"/staff/metrics/figures/{key}/export")).status == 404
    assert (await owner.get("/staff/metrics/programme?months=6")).status == 404
    assert read_key("soon") is None and (await owner.get("/staff/metrics/figures/grr-3?after=soon")).status == 404


async def test_what_members_wrote_is_read_only_by_who_may_see_members(shop: Shop) -> None:
    owner = await programme(shop)
    assert WORDS in (await owner.get("/staff/metrics/figures/reasons-3")).words
    assert WORDS in (await owner.get("/staff/metrics/figures/reasons-3/export")).text
    await people.staff("mo@kiln.test", ["metrics"])
    counting = await shop.signed_in("mo@kiln.test")
    for address in ("reasons-3", "saved-3", "reasons-3/export", "saved-3/export"):
        answer = await counting.get(f"/staff/metrics/figures/{address}")
        assert answer.status == 200 and "Too dear" not in answer.text and "In their words" not in answer.text


async def test_the_page_is_two_statements_however_many_members_there_are(shop: Shop) -> None:
    owner = await programme(shop)
    await owner.get("/staff/metrics/programme")
    with database.counted() as sent:
        assert (await owner.get("/staff/metrics/programme")).status == 200
    assert sent.count <= 5


async def test_what_a_member_wrote_today_is_read_today(shop: Shop) -> None:
    owner = await programme(shop)
    last = (await owner.get("/staff/metrics/programme?months=1")).words
    assert "Save rate — No cancel attempt on record" in last
    await cancellations.schedule(await running("ann"), reason="price", words="Written <today>")
    page = (await owner.get("/staff/metrics/programme?months=now")).words
    assert "March 2027, so far: up to now" in page and "This month" in page
    assert "Save rate — 1 waiting" in page and "It costs more than it saves me 1 0 1 —" in page
    assert "Written <today>" in (await owner.get("/staff/metrics/figures/reasons-now")).words
    ann = await join_members.person("ann@kiln.test")
    member = (await owner.get(f"/staff/members/{ann}")).words
    assert "Why they cancelled 5 March 2027: It costs more than it saves me Written <today>" in member
    dan = await join_members.person("dan@kiln.test")
    assert "Why they cancelled" not in (await owner.get(f"/staff/members/{dan}")).words


@pytest.mark.parametrize("address", ["/staff/metrics/programme?months=12", "/staff/metrics/figures/lift-12"])
async def test_what_takes_too_long_is_said_in_words(shop: Shop, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await programme(shop)
    assert (await owner.get(address)).status == 200
    slow = f"SELECT to_json(s) FROM ({member_lift._sql('')}) s (s), pg_sleep(9)"
    monkeypatch.setattr(member_lift, "_sql", lambda whom: slow)
    monkeypatch.setattr(member_lift, "_is_short", lambda *_: False)
    page = await owner.get(address)
    assert page.status == 503 and "take too long to add up" in page.words
