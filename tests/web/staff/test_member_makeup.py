"""The list of members and the metrics say the same of who is a member, and nobody is left out or counted twice."""

import re

from components.foundation import clock, database, ids
from components.insights.metrics import figures, member_makeup
from components.insights.metrics.member_makeup import MemberMakeup
from components.memberships.entitlements import member_directory
from tests.conftest import NOON
from tests.support import people, segment_people, suggestion_shop
from tests.support.shops import Shop
from web.staff.reports import member_makeup_words


async def made_up() -> MemberMakeup:
    (found,) = await database.batch(member_makeup.query())
    assert isinstance(found, MemberMakeup)
    return found


async def test_every_member_is_in_one_part(shop: Shop) -> None:
    made = suggestion_shop.begun(NOON)
    for source in ("gift", "comp", "seat", "earned", "term", "free"):
        for number in range(2):
            person = made.member(until=made.at(1) if number else None)
            made.rows["membership"][-1]["source"] = source
            if source == "seat":  # and a gift before it
                made.add("membership", holder=person, plan=suggestion_shop.BASIC, source="gift", source_id=ids.new(),
                         starts_at=made.at(500), ends_at=made.at(1) if number else None)  # fmt: skip
    trial = made.member()
    sub = made.subscription(trial, days=3, status="trialing")
    made.rows["membership"][-1]["source_id"] = sub
    made.member()  # a subscription that is not paid yet
    await segment_people.insert(made.rows)
    found = await made_up()
    assert found == MemberMakeup(trial=1, nothing=1, gift=1, comp=1, seat=1, earned=1, term=1)
    assert found.members == (await member_directory.counts())["running"] == 7


async def test_both_pages_of_a_shop_say_the_same(demo: Shop) -> None:
    found, (today,) = await made_up(), await database.batch(figures.members())
    assert found.paying == today.paying > 0 and found.gift + found.comp == today.given
    iris = await demo.signed_in("iris@kiln.test", "kiln-demo")
    said = member_makeup_words.sentence(found)
    listed, metrics = await iris.get("/staff/members"), await iris.get("/staff/metrics")
    assert said in listed.words and said in metrics.words, said
    assert f"Members {found.members}" in listed.words, "the number of its tab"
    assert sum(int(one.replace(",", "")) for one in re.findall(r"[\d,]+(?= )", said.partition(":")[2])) == found.members
    assert said not in (await iris.get("/staff/members?show=ended")).words


async def test_one_member_and_none_are_said_too(shop: Shop) -> None:
    await people.owner()
    assert member_makeup_words.sentence(await made_up()) == "0 members: 0 paying."
    assert member_makeup_words.sentence(MemberMakeup(paying=1)) == "1 member: 1 paying."
    assert clock.now() == NOON
