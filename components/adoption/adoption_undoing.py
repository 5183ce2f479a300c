"""Giving back one row: what was made here goes without a trace, what Stripe was told is taken back.

What has been used since stays: a payment, a change, a benefit or a sign-in is not undone by undoing an import.
"""

from uuid import UUID

from components.adoption import adoption_mapping, known_people
from components.adoption.tables import Adoption, AdoptionRow
from components.foundation import database
from components.memberships.adopting import adopted_memberships, unbilled_memberships
from components.payments.adopted import moved_billing, takeover
from components.payments.adopted.takeover import CustomerHolder

USED = "It has been paid, changed or used since. It stays."
STAYS = "Their account stays: they have used the shop since."
OURS = ("movement",)
"""Tables whose rows of somebody follow what is undone."""


async def undo(run: Adoption, row: AdoptionRow) -> None:
    """May be repeated. Raises `StripeUnavailable`, `OutcomeUnknown`."""
    is_billed = row.verdict in ("adopt", "move")
    if await (_was_used(row) if is_billed else unbilled_memberships.was_used(row.local)):
        await _say(row, "kept", USED)
        return
    if is_billed and not await _give_back(run, row):
        return
    if not is_billed:
        async with database.transaction():
            await unbilled_memberships.forget(row.local)
    stays = row.made_person and not await known_people.closed(row.person, but=OURS)
    await _say(row, "undone", STAYS if stays else "")


async def _was_used(row: AdoptionRow) -> bool:
    return await takeover.was_used(row.local) or await adopted_memberships.was_used(row.local)


async def _give_back(run: Adoption, row: AdoptionRow) -> bool:
    """Stripe first: what is no longer marked as ours is nobody's news here. False when it was used just now."""
    holder = CustomerHolder(row.customer, row.holder_before)
    await takeover.disclaim(row.local, row.stripe_id, turn=str(run.id))
    if row.verdict == "move":
        await moved_billing.end(row.local, row.stripe_id)
    async with database.transaction():
        if await _was_used(row):
            used = True
        else:
            used = False
            await adopted_memberships.forget(row.local)
            await takeover.forget(row.local, row.person, holder)
    if used:
        await takeover.claim(row.local, row.stripe_id, turn=f"{run.id}:again")
        await _say(row, "kept", USED)
    return not used


async def _say(row: AdoptionRow, outcome: str, words: str) -> None:
    gone: dict[object, object] = {} if outcome == "kept" else {AdoptionRow.local: None, AdoptionRow.person: None}
    said = {AdoptionRow.outcome: outcome, AdoptionRow.why: words, **gone}
    await AdoptionRow.update(said).where(AdoptionRow.id == row.id)  # type: ignore[arg-type]


async def finish(run_id: UUID) -> None:
    """The prices that were made for it go when nobody has them any more."""
    await adoption_mapping.forget_versions(run_id)
