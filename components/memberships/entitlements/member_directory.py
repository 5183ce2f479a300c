"""The member list, as staff see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, paging
from components.foundation.database.queries import with_placeholders

Among = tuple[str, tuple[Any, ...]]
PER_PAGE = 25
_RUNS = "holds(m.starts_at, m.ends_at, $1)"
_ON_HOLD = f"(c.id IS NOT NULL AND NOT {_RUNS})"
"""A seat whose shared subscription goes on without benefits."""
FURTHEST = 1_000_000
"""More pages than any list has; a request beyond the end shows the last page."""

STANDINGS = {
    "running": f"{_RUNS} AND m.source <> 'free'",
    "ending": f"{_RUNS} AND s.cancel_at IS NOT NULL",
    "grace": "s.status IN ('past_due', 'unpaid')",
    "given": f"{_RUNS} AND m.source = 'comp'",
    "free": f"{_RUNS} AND m.source = 'free'",
    "paused": f"(s.status = 'paused' OR {_ON_HOLD})",
    "ended": f"m.ends_at <= $1 AND NOT {_ON_HOLD} AND COALESCE(s.status, '') NOT IN ('past_due', 'unpaid', 'paused')",
}


@dataclass(frozen=True, kw_only=True)
class DirectoryRow:
    """One person with the membership that counts: an active paid one before the free tier before an ended one."""

    person_id: UUID
    email: str
    name: str
    plan_name: str | None
    source: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    status: str | None
    cancel_at: datetime | None
    period_end: datetime | None
    is_running: bool
    pauses_at: datetime | None
    back_at: datetime | None
    is_on_hold: bool

    @property
    def state(self) -> str:
        """One word for a list: never, ended, grace, hold (a seat), paused, ending, trial, given, free or running."""
        if self.plan_name is None:
            return "never"
        if self.status in ("past_due", "unpaid"):
            return "grace"
        if self.is_on_hold:
            return "hold"
        if self.status == "paused":
            return "paused"
        if not self.is_running:
            return "ended"
        if self.cancel_at is not None:
            return "ending"
        if self.status == "trialing":
            return "trial"
        return {"comp": "given", "free": "free"}.get(self.source or "", "running")


@dataclass(frozen=True, kw_only=True)
class _Found(DirectoryRow):
    """`whole`: how many there are on all pages."""

    whole: int


@dataclass(frozen=True, kw_only=True)
class DirectoryPage:
    rows: tuple[DirectoryRow, ...]
    count: int
    number: int

    @property
    def last(self) -> int:
        return paging.last(self.count, PER_PAGE)


_FROM = """
FROM memberships_people p LEFT JOIN LATERAL (
  SELECT * FROM membership WHERE holder = p.id
  ORDER BY holds(starts_at, ends_at, $1) DESC, source = 'free', starts_at DESC LIMIT 1
) m ON true
LEFT JOIN plan ON plan.id = m.plan LEFT JOIN subscription s ON s.id = m.source_id AND m.source = 'subscription'
LEFT JOIN seat t ON t.id = m.source_id AND m.source = 'seat' AND t.ended_at IS NULL
LEFT JOIN subscription c ON c.id = t.source_id AND c.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed')
  AND holds('-infinity', c.cancel_at, $1)
"""

_PAUSED = """LEFT JOIN pause u ON u.subscription = coalesce(s.id, c.id) AND u.ended_at IS NULL
  AND u.arranged_at IS NOT NULL"""


async def people(
    *, search: str = "", plan: str = "", standing: str = "", page: int = 1, among: Among | None = None
) -> DirectoryPage:
    """Members, newest first; a search also finds people who were never members. `standing`: see `STANDINGS`.

    `among` these people only, members or not: a SELECT of ids with its own $1, $2 …, and its arguments.
    """
    number = min(max(1, page), FURTHEST)
    where, args = _where(search.strip(), plan, standing, among)
    rows = await database.fetch_as(
        _Found,
        f"""SELECT p.id AS person_id, p.email, p.name, plan.name AS plan_name, m.source, m.starts_at, m.ends_at,
          s.status, s.cancel_at, s.current_period_end AS period_end, COALESCE({_RUNS}, false) AS is_running,
          COALESCE({_ON_HOLD}, false) AS is_on_hold,
          u.from_at AS pauses_at, u.until_at AS back_at, count(*) OVER () AS whole
        {_FROM} {_PAUSED} WHERE {where} ORDER BY m.starts_at DESC NULLS LAST, p.id DESC
        LIMIT {PER_PAGE} OFFSET {(number - 1) * PER_PAGE}""",
        clock.now(), *args,
    )  # fmt: skip
    if not rows and number > 1:
        count = await database.fetch_value(f"SELECT count(*) {_FROM} WHERE {where}", clock.now(), *args)
        last = paging.last(count, PER_PAGE)
        return await people(search=search, plan=plan, standing=standing, page=min(last, number - 1), among=among)
    return DirectoryPage(rows=tuple(rows), count=rows[0].whole if rows else 0, number=number)


async def counts() -> dict[str, int]:
    """How many people have each of `STANDINGS`."""
    sums = ", ".join(f"count(*) FILTER (WHERE {where})" for where in STANDINGS.values())
    [row] = await database.fetch_rows(f"SELECT {sums} {_FROM} WHERE m.id IS NOT NULL", clock.now())
    return dict(zip(STANDINGS, row, strict=True))


async def on_versions(plan_id: UUID) -> dict[UUID, int]:
    """How many active subscriptions each version of a plan's price has; those without its tax count with it."""
    rows = await database.fetch_rows(
        """SELECT coalesce(v.net_of, v.id), count(s.id) FROM plan_version v LEFT JOIN subscription s
        ON s.plan_version = v.id AND s.status IN ('active', 'trialing', 'past_due', 'paused', 'unpaid')
        WHERE v.plan = $1 GROUP BY coalesce(v.net_of, v.id)""",
        plan_id,
    )
    return dict(rows)


async def on_plans() -> dict[UUID, int]:
    """How many people hold each plan now."""
    holders = f"SELECT m.plan, count(DISTINCT m.holder) FROM membership m WHERE {_RUNS} GROUP BY m.plan"
    return dict(await database.fetch_rows(holders, clock.now()))


def _where(search: str, plan: str, standing: str, among: Among | None) -> tuple[str, list[Any]]:
    conditions: list[str] = ["p.erased_at IS NULL"]
    args: list[Any] = []
    if among is not None:
        conditions.append(f"p.id IN ({with_placeholders(among[0], '${}', 1)})")
        args += among[1]
    if search:
        args.append(f"%{_escaped(search)}%")
        conditions.append(f"(p.email ILIKE ${len(args) + 1} OR p.name ILIKE ${len(args) + 1})")
    elif not standing and among is None:
        conditions.append("m.id IS NOT NULL")
    if plan:
        args.append(plan)
        conditions.append(f"plan.slug = ${len(args) + 1}")
    if standing in STANDINGS:
        conditions.append(STANDINGS[standing])
    return " AND ".join(conditions), args


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
