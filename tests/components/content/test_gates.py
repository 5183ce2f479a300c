"""Who may read what, and from when. One policy, every surface."""

from datetime import datetime, timedelta

import pytest

from components.content import article_editing, articles, markdown
from components.content.article_editing import Draft
from components.content.gates import GateReason
from components.content.invariants import invariants
from components.foundation import clock, ids
from components.memberships.entitlements import entitlements
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.grants import complimentary
from tests.support import make_plans
from tests.support.cells import every_cell
from tests.support.shops import Shop

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
CANARY = "orchard-ash-seven"


async def write(at: datetime, **rest: object) -> None:
    given: dict[str, object] = {"slug": "ash", "title": "Ash", "teaser": "Of ash.", "body": f"Secret {CANARY}.", **rest}
    given.setdefault("published_at", at)
    await article_editing.create(Draft(**given), by=None)  # type: ignore[arg-type]


async def reading(standing: CustomerEntitlements, at: datetime) -> GateReason:
    (listed,) = await articles.published(standing, at)
    opened = await articles.by_slug("ash", standing, at)
    (entry,) = await articles.feed(standing, at)
    assert listed.reading == opened.reading
    assert opened.reading.whole is (CANARY in opened.html) is (CANARY in entry.html) is entry.is_whole
    assert opened.reading.whole is bool(await articles.search(CANARY, standing, at))
    return opened.reading.why


@pytest.mark.usefixtures("db")
class TestOnePolicy:
    async def test_everybody_reads_what_is_for_everybody(self, at: datetime) -> None:
        await write(at)
        assert await reading(CustomerEntitlements.NONE, at) is GateReason.OPEN

    async def test_a_members_article_is_a_teaser_for_others(self, at: datetime) -> None:
        await write(at, gate="members")
        assert await reading(CustomerEntitlements.NONE, at) is GateReason.MEMBERS
        assert [one.article.slug for one in await articles.search("ash", CustomerEntitlements.NONE, at)] == ["ash"]

    @pytest.mark.parametrize(
        ("moment", "why"), [(-SECOND, GateReason.LATER), (timedelta(0), GateReason.OPEN), (SECOND, GateReason.OPEN)]
    )
    async def test_a_drip_opens_to_the_second(self, at: datetime, moment: timedelta, why: GateReason) -> None:
        await write(at, gate="members", drip_days=30)
        maya = ids.new()
        await complimentary.grant(maya, await make_plans.club(), until=None, by=ids.new())
        then = at + 30 * DAY + moment
        assert await reading(await entitlements.for_person(maya, then), then) is why

    @pytest.mark.parametrize(("moment", "why"), [(-SECOND, GateReason.OPEN), (timedelta(0), GateReason.MEMBERS)])
    async def test_it_closes_with_the_membership(self, at: datetime, moment: timedelta, why: GateReason) -> None:
        await write(at, gate="members")
        maya = ids.new()
        await complimentary.grant(maya, await make_plans.club(), until=at + DAY, by=ids.new())
        then = at + DAY + moment
        assert await reading(await entitlements.for_person(maya, then), then) is why

    async def test_it_is_out_to_the_second(self, at: datetime) -> None:
        await write(at, published_at=at + DAY)
        assert await articles.published(CustomerEntitlements.NONE, at + DAY - SECOND) == []
        assert await reading(CustomerEntitlements.NONE, at + DAY) is GateReason.OPEN

    async def test_an_unknown_gate_is_closed(self, at: datetime) -> None:
        with pytest.raises(article_editing.BadGate):
            await write(at, gate="friends")

    async def test_the_days_go_on_over_a_gap_in_one_subscription_but_not_over_leaving(self, at: datetime) -> None:
        from components.foundation import database
        from components.memberships.entitlements import membership_periods

        await write(at, gate="members", drip_days=30)
        maya, plan, same = ids.new(), await make_plans.club(), ids.new()

        async def holds(source_id: object, start: datetime, end: datetime) -> None:
            async with database.transaction():
                await membership_periods.start(
                    maya, plan_id=plan.id, source="subscription", source_id=same if source_id is None else source_id,
                    starts_at=start, ends_at=end,
                )  # type: ignore[arg-type]  # fmt: skip

        await holds(None, at, at + 20 * DAY)
        await holds(None, at + 25 * DAY, at + 40 * DAY)
        await holds(ids.new(), at + 50 * DAY, at + 90 * DAY)
        seen = [
            await reading(await entitlements.for_person(maya, at + n * DAY), at + n * DAY) for n in (26, 31, 60, 81)
        ]
        assert seen == [GateReason.LATER, GateReason.OPEN, GateReason.LATER, GateReason.OPEN]
        assert await invariants() == []


async def test_no_page_leaks_to_a_guest_what_a_member_reads(shop: Shop, at: datetime) -> None:
    await write(at - DAY, gate="members", title="Ash for members")
    guest = shop.browser()
    for path in (
        "/journal",
        "/journal/ash",
        "/feed.xml",
        "/sitemap.xml",
        "/search?q=orchard",
        f"/search?q={CANARY}",
        "/",
    ):
        page = await guest.get(path)
        assert "Secret" not in page.text, path
        if "search" not in path:
            assert CANARY not in page.text, path
    page = await guest.get("/journal/ash")
    assert "The rest of this article is for members" in page.words and "/join" in page.links()
    assert (await guest.get("/journal/none")).status == 404


async def test_the_member_reads_it_whole_and_the_next_visitor_does_not(shop: Shop, at: datetime) -> None:
    from tests.support import people

    await write(at - DAY, gate="members")
    maya = await people.customer("maya@kiln.test")
    await complimentary.grant(maya.id, await make_plans.club(), until=None, by=people.NOBODY)
    clock.set_everywhere(at + SECOND)
    member, guest = await shop.signed_in("maya@kiln.test"), shop.browser()
    for _ in range(2):
        mine, theirs = await member.get("/journal/ash"), await guest.get("/journal/ash")
        assert CANARY in mine.text and mine.headers["cache-control"] == "private, no-store"
        assert CANARY not in theirs.text


@every_cell(
    "nasty",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "<iframe src=//x></iframe>",
    ],
)
def test_markdown_is_harmless(nasty: str) -> None:
    made = markdown.html(nasty)
    assert "<script" not in made and "<img" not in made and "<iframe" not in made and 'href="javascript' not in made


def test_headings_leave_the_first_one_to_the_page() -> None:
    assert markdown.html("# One\n\n## Two") == "<h2>One</h2>\n<h2>Two</h2>\n"
