"""Taking back what a file of customers or orders brought in, and forgetting what runs told of somebody."""

from uuid import UUID

from components.foundation import audit, database
from components.old_shop import customer_import, old_orders
from components.people.facts import PersonErased
from components.product_files.runs import import_runs, run_kinds


async def undo(run_id: UUID, *, by: UUID) -> tuple[int, int]:
    """How many customers or orders it removed, and how many customers stay, who did something since.

    Raises `NotKept`, and `NotWaiting` while it is under way.
    """
    run = await import_runs.by_id(run_id, run_kinds.RECORDS)
    await import_runs.refuse_unfinished(run_id)
    async with database.transaction():
        is_orders = run.source == run_kinds.ORDERS
        gone, staying = (await old_orders.undo(run_id), 0) if is_orders else await customer_import.undo(run_id)
        if gone:
            await audit.record(by, f"import of {run.source} undone", "import", run.name, after={"removed": gone})
    return gone, staying


async def forget_person(fact: PersonErased) -> None:
    """What a run came to names each customer for a few days, and addresses that do not fit."""
    if fact.email_digest:
        await database.execute(_FORGET, fact.email_digest)


_FORGET = """
UPDATE import_step SET title = '', words = '' WHERE (run, line) IN (
  SELECT run, line FROM import_step WHERE encode(sha256(convert_to(title, 'UTF8')), 'hex') = $1)"""
