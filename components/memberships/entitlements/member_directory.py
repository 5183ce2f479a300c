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
  AND (c.cancel_at IS NULL OR c.cancel_at > $1)
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
    rows = await database.fetch(
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
    count = rows[0]["whole"] if rows else 0
    found = tuple(DirectoryRow(**{name: value for name, value in row.items() if name != "whole"}) for row in rows)
    return DirectoryPage(rows=found, count=count, number=number)


async def counts() -> dict[str, int]:
    """How many people have each of `STANDINGS`."""
    sums = ", ".join(f'count(*) FILTER (WHERE {where}) AS "{key}"' for key, where in STANDINGS.items())
    row = await database.fetch_one(f"SELECT {sums} {_FROM} WHERE m.id IS NOT NULL", clock.now())
    return {key: int(value) for key, value in (row or {}).items()}


async def on_versions(plan_id: UUID) -> dict[UUID, int]:
    """How many active subscriptions each version of a plan's price has, those that pay it without tax among them."""
    rows = await database.fetch(
        """SELECT coalesce(v.net_of, v.id) AS id, count(s.id) AS held FROM plan_version v LEFT JOIN subscription s
        ON s.plan_version = v.id AND s.status IN ('active', 'trialing', 'past_due', 'paused', 'unpaid')
        WHERE v.plan = $1 GROUP BY 1""",
        plan_id,
    )
    return {row["id"]: row["held"] for row in rows}


async def on_plans() -> dict[UUID, int]:
    """How many people hold each plan now."""
    rows = await database.fetch(
        f"SELECT m.plan, count(DISTINCT m.holder) AS held FROM membership m WHERE {_RUNS} GROUP BY m.plan", clock.now()
    )
    return {row["plan"]: row["held"] for row in rows}


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
