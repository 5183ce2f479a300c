"""What a person held when, and why: memberships one after the other, and the answer for any benefit at any instant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import database
from components.memberships import wording

SOURCES = {"subscription": "paid for", "comp": "given by the shop", "free": "the free tier", "gift": "a gift"}


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One membership, from until just before."""

    id: UUID
    plan_name: str
    source: str
    starts_at: datetime
    ends_at: datetime | None
    note: str

    @property
    def source_words(self) -> str:
        return SOURCES.get(self.source, self.source)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody held a benefit at an instant, and why or why not."""

    name: str
    is_held: bool
    why: str


async def stretches(person_id: UUID) -> tuple[Stretch, ...]:
    """Every membership the person has or had, the newest first."""
    rows = await database.fetch(
        """SELECT m.id, p.name AS plan_name, m.source, m.starts_at, m.ends_at, m.note
        FROM membership m JOIN plan p ON p.id = m.plan WHERE m.holder = $1 ORDER BY m.starts_at DESC""",
        person_id,
    )
    return tuple(Stretch(**row) for row in rows)


async def answers(person_id: UUID, at: datetime) -> tuple[Answer, ...]:
    """For every benefit the shop has promised by then: was this person entitled to it, and because of what?"""
    benefits = await database.fetch("SELECT id, name FROM benefit WHERE created_at <= $1 ORDER BY name", at)
    rows = await database.fetch(
        """SELECT e.benefit, e.from_at, e.until_at, m.source, p.name AS plan_name
        FROM entitlement e JOIN membership m ON m.id = e.membership JOIN plan p ON p.id = m.plan
        WHERE e.person = $1 ORDER BY e.from_at DESC""",
        person_id,
    )
    return tuple(_answer(one, [row for row in rows if row["benefit"] == one["id"]], at) for one in benefits)


def _answer(benefit: dict[str, Any], rows: list[dict[str, Any]], at: datetime) -> Answer:
    holding = next((row for row in rows if _holds(row, at)), None)
    if holding is not None:
        return Answer(benefit["name"], True, _why(holding))
    ended = next((row for row in rows if row["until_at"] is not None and row["until_at"] <= at), None)
    if ended is not None:
        return Answer(
            benefit["name"], False, f"It ended on {wording.moment(ended['until_at'])}, with {_because(ended)}."
        )
    to_come = rows[-1] if rows else None
    if to_come is not None:
        return Answer(benefit["name"], False, f"It began only on {wording.moment(to_come['from_at'])}.")
    return Answer(benefit["name"], False, "No membership has ever promised it here.")


def _why(row: dict[str, Any]) -> str:
    until = f", until {wording.moment(row['until_at'])}" if row["until_at"] else ""
    return f"Since {wording.moment(row['from_at'])}{until}, because of {_because(row)}."


def _because(row: dict[str, Any]) -> str:
    return f"{row['plan_name']}, {SOURCES.get(row['source'], row['source'])}"


def _holds(row: dict[str, Any], at: datetime) -> bool:
    return bool(row["from_at"] <= at and (row["until_at"] is None or at < row["until_at"]))
