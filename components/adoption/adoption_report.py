"""The report of a run: how many of each kind, and each row with what would become of it or has."""

from dataclasses import dataclass
from uuid import UUID

from components.adoption.tables import AdoptionRow
from components.adoption.verdicts import LEFT, NOTES, READY
from components.foundation import database, paging

PER_PAGE = 50
NO_PLAN = "no plan"
WITHOUT_PLAN = "No plan is chosen for its price. It is left where it is."
OUTCOMES = {
    "adopting": "Being adopted", "adopted": "Adopted", "moved": "Adopted, with a new subscription at Stripe",
    "until": "Adopted, until the paid time is over", "given": "Adopted, complimentary", "skipped": "Left there",
    "failed": "Failed", "undone": "Undone", "kept": "Stays",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """`kind` is the verdict, or "no plan"."""

    line: int
    key: str
    email: str
    name: str
    title: str
    kind: str
    notes: list[str]
    outcome: str
    why: str
    person: UUID | None

    @property
    def is_ready(self) -> bool:
        return self.kind in READY

    @property
    def words(self) -> str:
        """What becomes of it; once something has, that."""
        if self.outcome:
            return OUTCOMES[self.outcome]
        return READY.get(self.kind) or LEFT.get(self.kind) or WITHOUT_PLAN

    @property
    def remarks(self) -> list[str]:
        told = [NOTES[note] for note in self.notes if note in NOTES] if self.is_ready else []
        return [*filter(None, [self.why]), *told]


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    rows: list[ReportRow]
    number: int
    last: int


_KIND = """CASE WHEN r.verdict IN ('adopt', 'move', 'until', 'give') AND p.plan IS NULL
  THEN 'no plan' ELSE r.verdict END"""
_FROM = "FROM adoption_row r LEFT JOIN adoption_plan p ON p.run = r.run AND p.key = r.plan_key WHERE r.run = $1"


async def counts(run_id: UUID) -> dict[str, int]:
    """Rows of each kind, the ready ones first."""
    rows = await database.fetch_rows(f"SELECT {_KIND} AS kind, count(*) {_FROM} GROUP BY 1", run_id)
    found = dict(rows)
    order = [*READY, NO_PLAN, *LEFT]
    return {kind: found[kind] for kind in order if kind in found}


async def outcomes(run_id: UUID) -> dict[str, int]:
    sql = "SELECT outcome, count(*) FROM adoption_row WHERE run = $1 AND outcome <> '' GROUP BY outcome"
    found = dict(await database.fetch_rows(sql, run_id))
    return {outcome: found[outcome] for outcome in OUTCOMES if outcome in found}


async def needs_word(run_id: UUID) -> bool:
    """Whether some of it was billed by other software with a card at Stripe."""
    return await AdoptionRow.exists().where(AdoptionRow.run == run_id, AdoptionRow.verdict == "move")


async def without_card(run_id: UUID) -> bool:
    return await AdoptionRow.exists().where(AdoptionRow.run == run_id, AdoptionRow.verdict == "until")


async def page(run_id: UUID, *, kind: str, number: int) -> ReportPage:
    """`kind` is a verdict, an outcome, or "" for all."""
    narrowed = f"{_FROM} AND ($2 = '' OR $2 = {_KIND} OR $2 = r.outcome)"
    total = int(await database.fetch_value(f"SELECT count(*) {narrowed}", run_id, kind))
    at = paging.within(number, total, PER_PAGE)
    rows = await database.fetch_as(
        ReportRow,
        f"""SELECT r.line, r.key, r.email, r.name, coalesce(p.title, '') AS title, {_KIND} AS kind, r.notes, r.outcome,
          r.why, r.person {narrowed} ORDER BY r.position LIMIT {PER_PAGE} OFFSET $3""",
        run_id, kind, (at - 1) * PER_PAGE,
    )  # fmt: skip
    return ReportPage(rows=rows, number=at, last=paging.last(total, PER_PAGE))
