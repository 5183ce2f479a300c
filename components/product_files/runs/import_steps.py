"""What an import has come to so far, product by product, written as it goes."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from components.foundation import database, ids, json
from components.foundation.sheets.line_remarks import Remarks
from components.product_files.import_result import ProductOutcome
from components.product_files.tables import ImportStep

AT_ONCE = 1_000
OF_A_LINE = 16
"""So many remarks about one line have a position of their own, below those of products."""


@dataclass(frozen=True)
class Told:
    """The first of each kind, by line; `counts` has all of them."""

    counts: dict[str, int]
    changed_rows: int
    skipped_rows: int
    troubles: list[ProductOutcome]
    notes: list[ProductOutcome]
    told: list[ProductOutcome]


async def write(run_id: UUID, first: int, steps: list[ProductOutcome]) -> None:
    """The steps from position `first` on. What is there already stays."""
    await _write(run_id, list(enumerate(steps, first)))


async def write_remarks(run_id: UUID, remarks: Remarks) -> None:
    """What is said about lines, by their number: saying it again changes nothing."""
    skipped = (ProductOutcome(one.line, "", "skipped", words=one.words, changed_rows=1) for one in remarks.troubles)
    notes = (ProductOutcome(one.line, "", "note", words=one.words) for one in remarks.notes)
    counts: Counter[int] = Counter()
    placed = []
    for step in (*skipped, *notes):
        place = min(counts[step.line], OF_A_LINE - 1)
        counts[step.line] += 1
        placed.append((-1 - step.line * OF_A_LINE - place, step))
    await _write(run_id, placed)


async def _write(run_id: UUID, placed: list[tuple[int, ProductOutcome]]) -> None:
    for start in range(0, len(placed), AT_ONCE):
        these = placed[start : start + AT_ONCE]
        steps = [step for _, step in these]
        await database.execute(
            _WRITE,
            run_id,
            [ids.new() for _ in these],
            [position for position, _ in these],
            [step.line for step in steps],
            [step.title for step in steps],
            [step.what for step in steps],
            [json.dump(step.fields) for step in steps],
            [step.words for step in steps],
            [step.changed_rows for step in steps],
            [step.product for step in steps],
            [json.dump([[line, str(one)] for line, one in step.variants.items()]) for step in steps],
        )


_WRITE = """
INSERT INTO import_step (id, run, position, line, title, outcome, fields, words, changed_rows, product, variants)
SELECT w.id, $1, w.position, w.line, w.title, w.outcome, w.fields::json, w.words, w.changed_rows, w.product,
  w.variants::json
FROM unnest($2::uuid[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::uuid[],
  $11::text[]) AS w(id, position, line, title, outcome, fields, words, changed_rows, product, variants)
ON CONFLICT (run, position) DO NOTHING"""


async def from_position(run_id: UUID, position: int) -> list[ProductOutcome]:
    """At most `AT_ONCE` steps of products, from this position on."""
    its = (ImportStep.run == run_id) & (ImportStep.position >= position)
    return [_step(row) for row in await ImportStep.objects().where(its).order_by(ImportStep.position).limit(AT_ONCE)]


async def told(run_id: UUID, *, most: int) -> Told:
    counted = "SELECT outcome, count(*), sum(changed_rows) FROM import_step WHERE run = $1 GROUP BY 1"
    rows = await database.fetch_rows(counted, run_id)
    return Told(
        counts={outcome: count for outcome, count, _ in rows},
        changed_rows=sum(rows for outcome, _, rows in rows if outcome != "skipped"),
        skipped_rows=sum(rows for outcome, _, rows in rows if outcome == "skipped"),
        troubles=await _some(run_id, ["skipped"], most),
        notes=await _some(run_id, ["note"], most),
        told=await _some(run_id, ["new", "changed", "the same"], most),
    )


async def _some(run_id: UUID, outcomes: list[str], most: int) -> list[ProductOutcome]:
    its = (ImportStep.run == run_id) & ImportStep.outcome.is_in(outcomes)
    found = ImportStep.objects().where(its).order_by(ImportStep.line, ImportStep.position).limit(most)
    return [_step(row) for row in await found]


def _step(row: ImportStep) -> ProductOutcome:
    by_line = {number: UUID(variant) for number, variant in json.load(row.variants)}
    fields = tuple(json.load(row.fields))
    return ProductOutcome(row.line, row.title, row.outcome, fields, row.words, row.changed_rows, row.product, by_line)
