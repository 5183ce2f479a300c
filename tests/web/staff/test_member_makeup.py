"""The list of members and the metrics say the same of who is a member, and nobody is left out or counted twice."""

import re

import pytest

from components.foundation import clock, database, ids
from components.foundation.database import Query
from components.insights.metrics import figures, member_makeup
from components.insights.metrics.member_makeup import MemberMakeup
from components.insights.rollups import figure_readiness
from components.memberships.entitlements import member_directory
from tests.conftest import NOON
from tests.support import canary_rows, people, segment_people, suggestion_shop
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
    assert (
        sum(int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?= )", said.partition(":")[2])) == found.members
    )
    assert said not in (await iris.get("/staff/members?show=ended")).words


async def test_the_list_waits_for_no_figures(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    assert "0 members: 0 paying." in (await iris.get("/staff/members")).words
    slow = Query[MemberMakeup]("SELECT to_json(1) FROM pg_sleep(5)", (), lambda found: MemberMakeup())
    with monkeypatch.context() as patched:
        patched.setattr(member_makeup, "query", lambda: slow)
        patched.setattr(member_makeup_words, "PATIENCE", "50ms")
        page = await iris.get("/staff/members")
        assert page.status == 200 and "0 members" not in page.words
    monkeypatch.setattr(figure_readiness, "MOST", 0)
    await canary_rows.add_all("movement", [{"id": ids.new(), "kind": "new", "amount": 1, "balance": 1, "at": NOON}])
    page = await iris.get("/staff/members")
    assert page.status == 200 and "paying" not in page.words, "nothing is added up yet"


async def test_one_member_and_none_are_said_too(shop: Shop) -> None:
    await people.owner()
    assert member_makeup_words.sentence(await made_up()) == "0 members: 0 paying."
    assert member_makeup_words.sentence(MemberMakeup(paying=1)) == "1 member: 1 paying."
    assert clock.now() == NOON
