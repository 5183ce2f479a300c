"""Made-up customers for segments: raw rows, drawn by chance with a liking for the instants at which rules change."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from components.foundation import database, ids, json
from tests.support import canary_rows

NOW = datetime(2027, 4, 10, 11, 30, tzinfo=UTC)
"""Thirteen days after the clocks went forward in London: half past twelve there."""
DAYS = (1, 7, 30, 365)
TICK = timedelta(microseconds=1)
PLANS = {"gold": UUID(int=1), "silver": UUID(int=2), "nothing": UUID(int=3)}
PRODUCTS = (UUID(int=11), UUID(int=12), UUID(int=13))
SHELF, BENEFITS, TAGS = UUID(int=21), (UUID(int=31), UUID(int=32)), ("vip", "press")
SEEN = (
    ("product", "p0"), ("product", "p1"), ("collection", "shelf"), ("collection", "p1"), ("article", "clay"),
    ("article", "p0"), ("search", "red mug"), ("search", "mug"), ("search", "(not kept)"), ("search", "(others)"),
)  # fmt: skip
STATUSES = ("trialing", "active", "past_due", "paused", "unpaid", "pending", "incomplete", "cancelled", "lapsed")
Row = dict[str, Any]
World = dict[str, list[Row]]


def edge(days: int) -> datetime:
    """So many days before now at the same time of day in London, by hand: an hour is missing since 28 March."""
    before = NOW - timedelta(days=days)
    return before + timedelta(hours=1) if datetime(2026, 10, 25, 1, tzinfo=UTC) <= before < SPRING else before


SPRING = datetime(2027, 3, 28, 1, tzinfo=UTC)


class Drawing:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.rows: World = {}

    def add(self, table: str, **row: Any) -> Row:
        self.rows.setdefault(table, []).append(row)
        return row

    def one(self, *of: Any) -> Any:
        return self.chance.choice(of)

    def instant(self) -> datetime:
        exact = self.one(NOW, *(edge(days) for days in DAYS), NOW - timedelta(days=14))
        return exact + self.one(-TICK, timedelta(0), TICK, timedelta(days=-3), timedelta(days=2))

    def times(self, most: int) -> range:
        return range(self.chance.randint(0, most))


def drawn(seed: int, people: int = 8) -> World:
    draw = Drawing(seed)
    for slug, plan in PLANS.items():
        draw.add("plan", id=plan, slug=slug, name=slug.title(), trial_ends="card")
    for place, product in enumerate(PRODUCTS):
        draw.add(
            "product",
            id=product,
            slug=f"p{place}",
            title=f"P{place}",
            kind=("mug", "bowl", "mug")[place],
            status="active",
        )
    draw.add("collection_product", id=ids.new(), collection=SHELF, product=PRODUCTS[1])
    draw.add("collection", id=SHELF, slug="shelf", title="Shelf", sort="shelf")
    for number in range(people):
        _person(draw, number)
    for person in draw.rows["person"]:
        _consents(draw, person)
        _visits(draw, person["id"])
    return draw.rows


def _person(draw: Drawing, number: int) -> None:
    person = ids.new()
    draw.add(
        "person", id=person, email=f"p{number}@kiln.test", language=draw.one("", "en", "de"),
        birthday=draw.one(None, date(1990, 4, 30), date(1980, 3, 1), date(2000, 2, 29)), created_at=draw.instant(),
        erased_at=NOW if draw.chance.random() < 0.1 else None, email_confirmed_at=draw.one(None, NOW),
        password_hash=draw.one(None, None, "x"),
    )  # fmt: skip
    if draw.one(True, False):
        draw.add("address", id=ids.new(), person=person, country=draw.one("GB", "DE"), is_default=draw.one(True, False))
    for tag in TAGS:
        if draw.one(True, False):
            draw.add("customer_tag", id=ids.new(), person=person, tag=tag)
    _orders(draw, person, number)
    _memberships(draw, person, number)
    _uses(draw, person, number)


def _consents(draw: Drawing, person: Row) -> None:
    if draw.one(True, True, False):
        agreed = draw.one([], ["news"], ["tips"], ["news", "tips"])
        draw.add("mailing_contact", id=ids.new(), email=person["email"], agreed=agreed)


def _visits(draw: Drawing, person: UUID) -> None:
    """Of whoever agreed, in one browser or two; some of what was seen has nobody beside it."""
    for _ in draw.times(2):
        visitor = draw.add("visit_consent", id=ids.new(), person=draw.one(person, person, None))
        for _ in draw.times(4):
            kind, subject = draw.one(*SEEN)
            draw.add(
                "page_view", id=ids.new(), at=draw.instant(), day=NOW.date(), visitor=visitor["id"],
                person=visitor["person"], kind=kind, subject=subject,
            )  # fmt: skip


def _orders(draw: Drawing, person: UUID, number: int) -> None:
    for place in draw.times(4):
        order = draw.add(
            "orders", id=ids.new(), number=f"{number}-{place}", person=draw.one(person, person, person, None),
            currency=draw.one("GBP", "GBP", "GBP", "EUR"), total=draw.one(0, 2500, 5000, 5001),
            paid_at=draw.one(draw.instant(), draw.instant(), None), address={"country": draw.one("GB", "DE", "FR")},
        )  # fmt: skip
        for _ in draw.times(2):
            draw.add("order_line", id=ids.new(), order=order["id"], product_id=draw.one(*PRODUCTS), quantity=1)
        if order["total"] and draw.one(True, False):
            draw.add(
                "refund", id=ids.new(), order=order["id"], amount=draw.one(1, 2500), currency=order["currency"],
                status=draw.one("asked", "succeeded", "failed"), at=draw.instant(),
            )  # fmt: skip


def _memberships(draw: Drawing, person: UUID, number: int) -> None:
    runs = False
    for _ in draw.times(2):
        status = draw.one(*STATUSES, "active", "active")
        if status not in ("cancelled", "lapsed"):
            if runs:
                continue
            runs = True
        _subscription(draw, person, status)
    for _ in draw.times(2):
        _held(draw, person, draw.one("comp", "free", "gift", "term", "earned", "seat"), ids.new())
    if draw.one(True, False, False):
        shared = [(one["id"], one["payer"]) for one in draw.rows.get("subscription", [])]
        shared += [(one["source_id"], one["holder"]) for one in draw.rows.get("membership", [])]
        source, payer = draw.chance.choice([*shared, (ids.new(), ids.new())])
        draw.add(
            "seat", id=ids.new(), source_id=source, payer=draw.one(payer, payer, payer, ids.new()), holder=person,
            email=str(number), taken_at=draw.instant(), ended_at=draw.one(None, None, NOW),
        )  # fmt: skip
    if draw.one(True, False):
        draw.add("trial", id=ids.new(), person=person, email_key=str(number), at=draw.instant())


def _subscription(draw: Drawing, person: UUID, status: str) -> None:
    started = None if status in ("pending", "incomplete", "lapsed") else draw.instant()
    kept = draw.add(
        "subscription", id=ids.new(), payer=person, status=status, started_at=started,
        past_due_since=draw.one(None, draw.instant()), cancel_at=draw.one(None, None, draw.instant()),
    )  # fmt: skip
    if draw.one(True, False):
        _held(draw, person, "subscription", kept["id"])
    if status == "cancelled" and draw.one(True, False):
        draw.add("refused_trial", subscription=kept["id"])
    if draw.one(True, False):
        first = draw.one(draw.instant(), NOW + TICK, NOW + timedelta(days=1))
        draw.add(
            "pause", id=ids.new(), subscription=kept["id"], from_at=first, until_at=first + timedelta(days=30),
            ended_at=draw.one(None, None, NOW), arranged_at=draw.one(NOW, NOW, None), paid_left=draw.one(5, 5, None),
        )  # fmt: skip


def _held(draw: Drawing, person: UUID, source: str, source_id: UUID) -> None:
    starts = draw.instant()
    ends = draw.one(None, starts + timedelta(days=draw.one(1, 400)), max(starts, draw.instant()))
    plan = draw.one(*PLANS.values())
    if ends is None and any((one["holder"], one["plan"], one["source"], one["ends_at"]) == (person, plan, source, None)
                            for one in draw.rows.get("membership", [])):  # fmt: skip
        return
    draw.add(
        "membership", id=ids.new(), holder=person, plan=plan, source=source, source_id=source_id,
        starts_at=starts, ends_at=ends,
    )  # fmt: skip


def _uses(draw: Drawing, person: UUID, number: int) -> None:
    for place in draw.times(2):
        draw.add(
            "benefit_use", id=ids.new(), person=person, benefit=draw.one(None, *BENEFITS), at=draw.instant(),
            reference=f"{draw.one('order-line', 'refund')}:{number}-{place}",
        )  # fmt: skip
    if draw.one(True, False):
        draw.add("gift", id=ids.new(), person=person, benefit=draw.one(*BENEFITS), cause=str(number),
                 claimed_at=draw.one(None, draw.instant()), order_id=ids.new(), chosen=ids.new())  # fmt: skip
    if draw.one(True, False):
        draw.add("perk_use", id=ids.new(), person=person, benefit=draw.one(*BENEFITS), at=draw.instant(),
                 undone_at=draw.one(None, NOW))  # fmt: skip
    if draw.one(True, False):
        draw.add("partner_code", id=ids.new(), person=person, benefit=draw.one(*BENEFITS), code=str(number),
                 claimed_at=draw.instant())  # fmt: skip
    for _ in draw.times(2):
        draw.add("ledger_lot", id=ids.new(), person=person, kind="store_credit", amount=900,
                 remaining=draw.one(0, 100, 250), expires_at=draw.one(None, draw.instant()))  # fmt: skip
    for kind in ("orders", "habits"):
        if draw.one(True, False, False):
            draw.add("member_at_risk", id=ids.new(), person=person, kind=kind, times=1)


async def insert(world: World) -> None:
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        for table, rows in world.items():
            needed = await _needed(table)
            for row in rows:
                given = {name: json.dump(value) if isinstance(value, dict) else value for name, value in row.items()}
                await canary_rows.insert(table, {name: make() for name, make in needed.items()} | given)


_NEEDED: dict[str, dict[str, Callable[[], Any]]] = {}


async def _needed(table: str) -> dict[str, Callable[[], Any]]:
    if table not in _NEEDED:
        _NEEDED[table] = await canary_rows.needed(table)
    return _NEEDED[table]
