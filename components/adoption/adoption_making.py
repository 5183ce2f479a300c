"""Adopting one row for real. Every step may be repeated after a stop: the row says how far it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.adoption import adoption_mapping, adoption_reading, known_people, member_files, verdicts
from components.adoption import stripe_candidates as reading
from components.adoption.candidates import CARD, Candidate
from components.adoption.facts import MemberAdopted
from components.adoption.tables import Adoption, AdoptionRow
from components.adoption.verdicts import LEFT, AdoptionVerdict
from components.foundation import clock, database, ids, json, outbox
from components.foundation.refusals import Refusal
from components.memberships.adopting import adopted_memberships, kept_prices, unbilled_memberships
from components.memberships.adopting.adopted_memberships import OpeningPeriod
from components.memberships.billing import subscriptions
from components.memberships.plans import plan_catalogue
from components.payments import running_subscriptions
from components.payments.adopted import moved_billing, takeover
from components.payments.payment_refusals import PaymentRefused
from components.payments.stripe_calls.foreign_answers import ForeignSubscription

DONE = {"adopt": "adopted", "move": "moved", "until": "until", "give": "given"}


async def make(run: Adoption, row: AdoptionRow, plan: UUID) -> None:
    """Adopt it, or write down why not. Raises `StripeUnavailable`, `OutcomeUnknown`: then it is tried again later."""
    if not row.local:
        row.local = ids.new()
        row.outcome = "adopting"
        await row.save(columns=[AdoptionRow.local, AdoptionRow.outcome])
    try:
        if row.verdict == "adopt":
            await _adopt(run, row, plan)
        elif row.verdict == "move":
            await _move(run, row, plan)
        else:
            await _bring(run, row, plan)
    except PaymentRefused as refused:
        await _leave(row, "failed", f"Stripe refused it: {refused.detail or refused}"[:300])
    except Refusal as refusal:
        await _leave(row, "skipped", str(refusal))


async def _leave(row: AdoptionRow, outcome: str, words: str) -> None:
    """Nothing of it stays here."""
    if await _is_here(row):
        await _forget_half(row)
    await AdoptionRow.update(
        {AdoptionRow.outcome: outcome, AdoptionRow.why: words, AdoptionRow.local: None, AdoptionRow.person: None}
    ).where(AdoptionRow.id == row.id)


async def _forget_half(row: AdoptionRow) -> None:
    async with database.transaction():
        await adopted_memberships.forget(row.local)
        await takeover.forget(row.local, row.person, takeover.CustomerHolder(row.customer, row.holder_before))
    if row.made_person:
        await known_people.closed(row.person, but=("movement",))


async def _is_here(row: AdoptionRow) -> bool:
    try:
        await subscriptions.by_id(row.local)
    except Refusal:
        return False
    return True


async def _adopt(run: Adoption, row: AdoptionRow, plan: UUID) -> None:
    if not await _is_here(row):
        since = clock.now()
        found = await takeover.read(row.stripe_id)
        one, paid = await reading.of(found)
        if not await _may_go_on(run, row, one, plan):
            return
        opening = OpeningPeriod(paid.invoice, paid.starts_at, paid.ends_at) if paid is not None else None
        await _take_over(run, row, one, found, opening, since=since)
    await takeover.claim(row.local, row.stripe_id, turn=str(run.id))
    await _finish(run, row)


async def _move(run: Adoption, row: AdoptionRow, plan: UUID) -> None:
    """A subscription of our own at Stripe, for what other software billed until now."""
    if not await _is_here(row):
        since = clock.now()
        one = await adoption_reading.looked_up(json.load_as(Candidate, row.facts))
        if one.billing != CARD or not await _may_go_on(run, row, one, plan):
            if one.billing != CARD:
                await _leave(row, "skipped", "The card that the file names is no longer at Stripe.")
            return
        assert one.paid_until is not None
        async with database.transaction():
            version = await adoption_mapping.version_for(run.id, one)
        await kept_prices.refresh()
        price = await subscriptions.price_of(plan_catalogue.by_version(version))
        row.stripe_id = await moved_billing.start(
            row.local, customer=one.customer, method=one.method, price=price, first_charge_at=one.paid_until,
            key=f"move:{row.local}",
        )  # fmt: skip
        await row.save(columns=[AdoptionRow.stripe_id])
        start = member_files.period_before(one, one.paid_until)
        opening = OpeningPeriod(f"adopted:{row.local}", start, one.paid_until)
        try:
            await _take_over(run, row, one, await takeover.read(row.stripe_id), opening, since=since)
        except Refusal:
            await _stop_there(row)
            raise
    await _finish(run, row)


async def _stop_there(row: AdoptionRow) -> None:
    """Our own subscription at Stripe has charged nothing yet: it ends, and its end is nobody's news here."""
    await takeover.disclaim(row.local, row.stripe_id, turn="stop")
    await moved_billing.end(row.local, row.stripe_id)


async def _may_go_on(run: Adoption, row: AdoptionRow, one: Candidate, plan: UUID) -> bool:
    """As it is now: things have happened since the report was made."""
    whose = await known_people.whose(one, run=run.id, position=row.position, plan=plan)
    verdict = verdicts.decide(one, whose.known, clock.now())
    if verdict.kind == row.verdict and one.plan_key == row.plan_key:
        return True
    await _leave(row, "skipped", _why_not(verdict))
    return False


def _why_not(verdict: AdoptionVerdict) -> str:
    return LEFT.get(verdict.kind, "It has changed since it was read. Read it again.")


async def _take_over(
    run: Adoption, row: AdoptionRow, one: Candidate, found: ForeignSubscription, opening: OpeningPeriod | None, *,
    since: datetime,
) -> None:  # fmt: skip
    """All rows of it, or none."""
    whose = await known_people.whose(one, run=run.id, position=row.position)
    async with database.transaction():
        person_id, is_new = await known_people.opened(one, whose.person)
        version = await adoption_mapping.version_for(run.id, one)
        holder = await takeover.take_over(row.local, person_id, found, since=since)
        seen = await running_subscriptions.mirrored(row.local)
        assert seen is not None
        await adopted_memberships.adopt(
            row.local, person_id, seen, version_id=version, started_at=_first_day(one, found.answer.started_at),
            opening=opening, email=one.email,
        )  # fmt: skip
        row.person, row.made_person = person_id, is_new
        row.customer, row.holder_before = holder.customer, holder.before
        columns = [AdoptionRow.person, AdoptionRow.made_person, AdoptionRow.customer, AdoptionRow.holder_before]
        await row.save(columns=columns)
    await kept_prices.refresh()


def _first_day(one: Candidate, there: datetime) -> datetime:
    """Since when they have been members: of a subscription that we made anew, what the file says."""
    return min(one.started_at or there, there)


async def _bring(run: Adoption, row: AdoptionRow, plan: UUID) -> None:
    """A membership that nobody bills, in one transaction."""
    one = await adoption_reading.looked_up(json.load_as(Candidate, row.facts))
    if not await _may_go_on(run, row, one, plan):
        return
    until = one.ends_at if row.verdict == "give" or one.status == "ending" else one.paid_until
    whose = await known_people.whose(one, run=run.id, position=row.position)
    note = "From your earlier shop." if row.verdict == "give" else "Paid for in your earlier shop."
    async with database.transaction():
        person_id, is_new = await known_people.opened(one, whose.person)
        start = min(one.started_at or clock.now(), clock.now())
        row.local = await unbilled_memberships.bring(
            person_id, plan, started_at=start, until=until, by=run.begun_by, note=note
        )
        row.person, row.made_person = person_id, is_new
        await row.save(columns=[AdoptionRow.local, AdoptionRow.person, AdoptionRow.made_person])
        await _write_done(run, row)


async def _finish(run: Adoption, row: AdoptionRow) -> None:
    async with database.transaction():
        await _write_done(run, row)


async def _write_done(run: Adoption, row: AdoptionRow) -> None:
    """With the e-mail to the member that staff asked for, once: whoever comes second finds it done."""
    is_billed = row.verdict in ("adopt", "move")
    asks = run.asks and row.verdict == "until"
    done: dict[Column | str, Any] = {AdoptionRow.outcome: DONE[row.verdict], AdoptionRow.why: ""}
    waits = (AdoptionRow.id == row.id) & (AdoptionRow.outcome == "adopting")
    added = await AdoptionRow.update(done).where(waits).returning(AdoptionRow.id)
    if added and (run.tells or asks):
        fact = MemberAdopted(
            row.person, row.id, row.local if is_billed else None, None if is_billed else row.local, asks=asks
        )
        await outbox.announce(fact)
