"""Each figure of what visitors do, worked out a second time in Python from the rows that were put there."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from components.foundation import database, ids
from components.foundation.shop_settings import shop_settings
from components.insights.behaviour_figures import (
    before_joining,
    engagement,
    funnels,
    searched_words,
    seen_periods,
    seen_rows,
    unbought,
)
from components.insights.behaviour_figures.seen_periods import SeenPeriod
from tests.conftest import NOON
from tests.support import canary_rows

LONDON = ZoneInfo("Europe/London")
PERIOD = SeenPeriod(date(2027, 2, 1), date(2027, 2, 20))
KINDS = ("product", "added", "checkout", "paid", "join", "article", "search", "basket")
SUBJECTS = {"product": "abcd", "article": "xyz", "search": "pq", "join": ("article:x", "product:a", "home")}


@dataclass
class World:
    """Everything that was put there, to be added up again."""

    views: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[tuple[date, str, str, bool]] = field(default_factory=Counter)
    empty: Counter[tuple[date, str, str, bool]] = field(default_factory=Counter)
    orders: list[tuple[UUID, datetime, datetime | None, set[str]]] = field(default_factory=list)
    memberships: list[tuple[UUID, str, datetime, datetime | None]] = field(default_factory=list)
    uses: list[tuple[UUID, UUID, datetime]] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)

    def is_member(self, person: UUID | None, at: datetime) -> bool:
        return any(p == person and start <= at and (end is None or at < end) for p, _, start, end in self.memberships)


async def _filled(seed: int) -> World:
    dice, world = random.Random(seed), World()
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def put(table: str, **given: Any) -> None:
        rows[table].append(given)

    products = {slug: ids.new() for slug in "abc"}  # “d” is there no more
    for slug, product in products.items():
        put("product", id=product, slug=slug, title=slug.upper(), status="active")
    for slug in "xy":
        put("article", id=ids.new(), slug=slug, title=f"Article {slug}", gate="public")
    for number in range(14):
        world.people.append(person := ids.new())
        put("person", id=person, email=f"p{number}@kiln.test", name=f"P{number}" if number % 2 else "")

    def moment() -> datetime:
        return datetime(2027, 1, 10, tzinfo=UTC) + timedelta(minutes=dice.randrange(49 * 24 * 60))

    for person in world.people:
        for _ in range(dice.randrange(3)):
            start = moment()
            end = None if dice.random() < 0.5 else start + timedelta(days=dice.randrange(1, 20))
            source = dice.choice(("subscription", "subscription", "comp", "term", "free"))
            world.memberships.append((person, source, start, end))
            put("membership", id=ids.new(), holder=person, plan=ids.new(), source=source,
                                  source_id=ids.new(), starts_at=start, ends_at=end)  # fmt: skip
        for _ in range(dice.randrange(3)):
            benefit, at = ids.new(), moment()
            for when in (at, at, at + timedelta(days=dice.randrange(2))):
                world.uses.append((person, benefit, when))
                put("benefit_use", id=ids.new(), person=person, benefit=benefit, at=when,
                                      reference=str(ids.new()))  # fmt: skip
    for number in range(30):
        person, placed = dice.choice([None, *world.people]), moment()
        paid = placed + timedelta(minutes=5) if dice.random() < 0.8 else None
        bought = set(dice.sample("abc", dice.randrange(1, 3)))
        world.orders.append((person, placed, paid, bought))
        put("orders", id=(order := ids.new()), number=f"S-{number}", person=person, placed_at=placed,
                              paid_at=paid, currency="gbp")  # fmt: skip
        for slug in bought:
            put("order_line", id=ids.new(), order=order, product_id=products[slug], title=slug,
                                  quantity=1)  # fmt: skip
    for visitor in (ids.new() for _ in range(25)):
        person = dice.choice([None, *world.people])
        put("visit_consent", id=visitor, person=person, given_at=NOON)
        for _ in range(dice.randrange(1, 30)):
            kind, at = dice.choice(KINDS), moment()
            view = {
                "at": at, "day": at.astimezone(LONDON).date(), "visitor": visitor, "person": person, "kind": kind,
                "subject": dice.choice(SUBJECTS.get(kind, ("",))), "is_member": world.is_member(person, at),
            }  # fmt: skip
            world.views.append(view)
            put("page_view", id=ids.new(), **view)
            key = (view["day"], kind, view["subject"], view["is_member"])
            world.counts[key] += dice.randrange(1, 4)
            if kind == "search" and dice.random() < 0.5:
                world.empty[key] += 1
    for (day, kind, subject, is_member), times in world.counts.items():
        put("view_count", id=ids.new(), day=day, kind=kind, subject=subject, is_member=is_member,
                              times=times, empty_times=world.empty[day, kind, subject, is_member])  # fmt: skip
    for table, given in rows.items():
        await canary_rows.add_all(table, given)
    return world


@pytest.fixture(params=[1, 2])
async def world(db: None, request: pytest.FixtureRequest) -> World:
    assert shop_settings.current().time_zone == "Europe/London"
    return await _filled(request.param)


def _within(at: datetime | None) -> bool:
    return at is not None and PERIOD.first <= at.astimezone(LONDON).date() <= PERIOD.last


def _times(world: World, kind: str, is_member: bool) -> int:
    return sum(n for (day, k, _, m), n in world.counts.items()
               if k == kind and m == is_member and PERIOD.first <= day <= PERIOD.last)  # fmt: skip


def _joined(world: World) -> list[tuple[UUID, datetime]]:
    return [
        (person, start)
        for person, source, start, end in world.memberships
        if source in ("subscription", "term") and _within(start)
        and not any(p == person and s < start and o != "free" and (e is None or e >= start)
                    for p, o, s, e in world.memberships)
    ]  # fmt: skip


async def test_the_funnel_of_buying(world: World) -> None:
    (found,) = await database.batch(funnels.query(PERIOD))
    for step in found["buying"]:
        if step.key == "orders":
            paid = [(p, placed) for p, placed, at, _ in world.orders if _within(at)]
            assert step.members == sum(world.is_member(p, placed) for p, placed in paid)
            assert step.members + step.others == len(paid)
        else:
            assert (step.members, step.others) == (_times(world, step.key, True), _times(world, step.key, False))
    reached: dict[str, Counter[bool]] = defaultdict(Counter)
    for visitor in {view["visitor"] for view in world.views}:
        theirs = sorted((v for v in world.views if v["visitor"] == visitor and _within(v["at"])), key=lambda v: v["at"])
        after, was = None, False
        for kind, key in (("product", "product"), ("added", "added"), ("checkout", "checkout"), ("paid", "orders")):
            step_view = next((v for v in theirs if v["kind"] == kind and (after is None or v["at"] >= after)), None)
            if step_view is None:
                break
            after = step_view["at"]
            was = bool(step_view["is_member"]) if kind == "product" else was
            reached[key][was] += 1
    told = {s.key: (s.agreed_members, s.agreed_others) for s in found["buying"]}
    assert told == {key: (reached[key][True], reached[key][False]) for key in funnels.BUYING}
    assert reached["checkout"].total() > 0


async def test_the_funnel_of_joining(world: World) -> None:
    (found,) = await database.batch(funnels.query(PERIOD))
    opened, joined = found["joining"]
    began = _joined(world)
    assert (opened.others, joined.others) == (_times(world, "join", False), len(began))
    first: dict[object, tuple[datetime, UUID | None]] = {}
    for view in sorted(world.views, key=lambda v: v["at"]):
        if view["kind"] == "join" and not view["is_member"] and _within(view["at"]):
            first.setdefault(view["visitor"], (view["at"], view["person"]))
    followed = [v for v, (at, p) in first.items() if any(who == p and start >= at for who, start in began)]
    assert (opened.agreed_others, joined.agreed_others) == (len(first), len(followed))


async def test_who_resumes_has_not_joined_and_who_leaves_the_free_plan_has(db: None) -> None:
    resumed, upgraded, same = ids.new(), ids.new(), ids.new()
    at = [datetime(2027, month, 10, tzinfo=UTC) for month in (1, 2)]
    rows: list[dict[str, Any]] = [
        {"holder": resumed, "source": "subscription", "source_id": same, "starts_at": at[0],
         "ends_at": at[0] + timedelta(days=5)},
        {"holder": resumed, "source": "subscription", "source_id": same, "starts_at": at[1], "ends_at": None},
        {"holder": upgraded, "source": "free", "source_id": ids.new(), "starts_at": at[0], "ends_at": at[1]},
        {"holder": upgraded, "source": "subscription", "source_id": ids.new(), "starts_at": at[1], "ends_at": None},
    ]  # fmt: skip
    people = [{"id": one, "email": f"{one.hex}@kiln.test", "name": ""} for one in (resumed, upgraded)]
    await canary_rows.add_all("person", people)
    await canary_rows.add_all("membership", [{"id": ids.new(), "plan": ids.new()} | row for row in rows])
    (found,) = await database.batch(funnels.query(PERIOD))
    assert found["joining"][1].others == 1
    assert [row.person for row in await seen_rows.page("joined", PERIOD, who="", number=1)] == [upgraded]
    (leads,) = await database.batch(before_joining.query(PERIOD))
    assert leads.joined == 1


async def test_what_members_look_at_and_do_not_buy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = await database.batch(unbought.query(PERIOD))
    expected = []
    for slug in "abcd":
        seen = sum(n for (day, k, s, m), n in world.counts.items()
                   if (k, s, m) == ("product", slug, True) and PERIOD.first <= day <= PERIOD.last)  # fmt: skip
        orders = sum(_within(at) and slug in bought and world.is_member(p, placed)
                     for p, placed, at, bought in world.orders)  # fmt: skip
        views = [v for v in world.views if v["kind"] == "product" and v["subject"] == slug and v["is_member"]]
        people = {v["person"] for v in views if _within(v["at"])}
        if orders * 50 < seen:
            expected.append((slug, slug.upper() if slug != "d" else "d", slug != "d", seen, len(people), orders))
    expected.sort(key=lambda row: (-row[3], row[0]))
    assert [(f.slug, f.title, f.is_there, f.seen, f.people, f.orders) for f in found] == expected


async def test_what_is_not_on_sale_yet_is_not_held_against_members(db: None) -> None:
    on_sale, days = datetime(2027, 2, 10, 9, tzinfo=UTC), (5, 10, 11)
    for slug, from_at in (("early", on_sale), ("later", datetime(2027, 3, 1, tzinfo=UTC)), ("usual", None)):
        product = {"id": ids.new(), "slug": slug, "title": slug, "status": "active", "public_from": from_at}
        await canary_rows.add_all("product", [product])
        looks = {"kind": "product", "subject": slug, "is_member": True, "times": 20, "empty_times": 0}
        await canary_rows.add_all("view_count", [looks | {"id": ids.new(), "day": date(2027, 2, on)} for on in days])
    (found,) = await database.batch(unbought.query(PERIOD))
    assert [(one.slug, one.seen) for one in found] == [("usual", 60), ("early", 20)]


async def test_searches(world: World) -> None:
    (found,) = await database.batch(searched_words.query(PERIOD))
    times, empty = Counter[str](), Counter[str]()
    for key, number in world.counts.items():
        if key[1] == "search" and PERIOD.first <= key[0] <= PERIOD.last:
            times[key[2]] += number
            empty[key[2]] += world.empty[key]
    assert (found.times, found.empty) == (times.total(), empty.total())
    often = sorted(times, key=lambda word: (-times[word], word))
    assert [(s.words, s.times, s.empty) for s in found.often] == [(w, times[w], empty[w]) for w in often]
    vain = sorted((w for w in empty if empty[w]), key=lambda word: (-empty[word], word))
    assert [(s.words, s.empty) for s in found.in_vain] == [(w, empty[w]) for w in vain]


async def test_what_leads_to_joining(world: World) -> None:
    (found,) = await database.batch(before_joining.query(PERIOD))
    first: dict[UUID, datetime] = {}
    for person, start in sorted(_joined(world), key=lambda one: one[1]):
        first.setdefault(person, start)
    before = [v for v in world.views if (start := first.get(v["person"]))
              and start - timedelta(days=90) <= v["at"] < start]  # fmt: skip
    read = defaultdict(set)
    for view in before:
        if view["kind"] == "article":
            read[view["subject"]].add(view["person"])
    assert (found.joined, found.known) == (len(first), len({v["person"] for v in before}))
    assert {(r.slug, r.people) for r in found.read} == {(slug, len(people)) for slug, people in read.items()}
    came = Counter[str]()
    for (day, kind, subject, is_member), number in world.counts.items():
        if kind == "join" and not is_member and PERIOD.first <= day <= PERIOD.last:
            came[subject] += number
    assert {c.subject: c.times for c in found.came_from} == dict(came)
    titles = {c.subject: c.title for c in found.came_from}
    assert titles.get("article:x", "Article x") == "Article x" and titles.get("home", "") == ""


async def test_engagement_of_members(world: World) -> None:
    assert await engagement.members() == () and await engagement.noted_at() is None, "not worked out yet"
    await engagement.work_out()
    assert await engagement.noted_at() == NOON
    found = await engagement.members()
    members = {p for p in world.people if world.is_member(p, NOON)}
    assert {one.person for one in found} == members and all(one.total == len(members) for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        seen = [v["at"] for v in world.views if v["person"] == one.person]
        seen += [at for p, _, at, _ in world.orders if p == one.person and at]
        used = [(benefit, at) for p, benefit, at in world.uses if p == one.person]
        since = NOON - timedelta(days=90)
        moments = [at for at in (*seen, *(at for _, at in used)) if since < at <= NOON]
        days = {at.astimezone(LONDON).date() for at in seen if since < at <= NOON}
        uses = {(benefit, at.astimezone(LONDON).date()) for benefit, at in used if since < at <= NOON}
        ago = (NOON - max(moments)).days if moments else None
        recency = 0 if ago is None else round(40 * (90 - max(7, ago)) / 83)
        assert (one.recency, one.frequency, one.benefits) == (recency, min(30, 3 * len(days)), min(30, 6 * len(uses)))
        assert one.score == one.recency + one.frequency + one.benefits <= 100
        alone = await engagement.of_person(one.person)
        assert alone is not None and (alone.score, alone.last_at) == (one.score, one.last_at)
    stranger = next(p for p in world.people if p not in members)
    assert await engagement.of_person(stranger) is None


@pytest.mark.parametrize("what", ["a refund", "a refund that failed", "credit that ran out"])
async def test_only_what_a_person_did_makes_them_engaged(db: None, what: str) -> None:
    """The order was 80 days ago; what came of it since nobody did."""
    person, benefit, old = ids.new(), ids.new(), NOON - timedelta(days=80)
    await canary_rows.add_all("person", [{"id": person, "email": "p@kiln.test", "name": ""}])
    await canary_rows.add_all("membership", [{"id": ids.new(), "holder": person, "plan": ids.new(), "source": "comp",
                                              "source_id": ids.new(), "starts_at": old, "ends_at": None}])  # fmt: skip
    use = {"person": person, "benefit": benefit, "kind": "member_price", "currency": "GBP"}
    await canary_rows.add_all("benefit_use", [use | {"id": ids.new(), "at": old, "reference": "order-line:1"}])
    before = await engagement.of_person(person)
    recent = NOON - timedelta(days=2)
    if what == "credit that ran out":
        await canary_rows.add_all("ledger_lot", [{
            "id": ids.new(), "person": person, "kind": "cashback", "benefit": benefit, "amount": 500, "remaining": 0,
            "given_at": recent, "expires_at": recent,
        }])  # fmt: skip
    else:
        name = "refund:2:1" if what == "a refund" else "refund-failed:2:1"
        await canary_rows.add_all("benefit_use", [use | {"id": ids.new(), "at": recent, "reference": name}])
    after = await engagement.of_person(person)
    assert before is not None and before.uses == 1 and before.last_at == old
    assert after == before


@pytest.mark.parametrize("who", ["", "members", "others"])
async def test_every_figure_is_the_sum_of_its_rows(world: World, who: str) -> None:
    (found,) = await database.batch(funnels.query(PERIOD))
    for step in (*found["buying"], *found["joining"]):
        rows = await seen_rows.page(step.key, PERIOD, who=who, number=1)
        figure = {"": step.members + step.others, "members": step.members, "others": step.others}[who]
        if step.key == "join" and who != "others":
            continue  # the figure is of those who are no members
        assert sum(row.times for row in rows) == figure == (rows[0].sum if rows else 0)


async def test_an_empty_shop_has_figures_too(db: None) -> None:
    period = seen_periods.usual()
    assert (period.last - period.first).days == 29
    steps, products, searches, leads = await database.batch(
        funnels.query(period), unbought.query(period), searched_words.query(period), before_joining.query(period)
    )
    assert [step.others for step in steps["buying"]] == [0, 0, 0, 0] and products == ()
    assert searches.times == 0 and leads.joined == 0 and await engagement.members() == ()
