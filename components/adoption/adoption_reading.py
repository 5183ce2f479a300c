"""Reading what there is to adopt, page by page or row by row, with a verdict for each. Nothing is changed anywhere."""

from collections.abc import Sequence
from uuid import UUID

from components.adoption import adoption_mapping, known_people, member_files, stripe_candidates, verdicts
from components.adoption.adoption_heartbeat import heard
from components.adoption.candidates import CARD, KEPT, NO_CARD, Candidate
from components.adoption.tables import Adoption, AdoptionRow
from components.foundation import clock, database, ids, json
from components.payments.adopted import moved_billing, takeover
from components.payments.payment_refusals import UnknownAtStripe
from components.payments.stripe_calls import foreign_answers


async def read(run: Adoption) -> None:
    """What is left of it; goes on where it was."""
    content: bytes | None = run.content
    if content is None:
        await _read_stripe(run)
    else:
        await _read_file(run, member_files.read(content))
    await heard(run.id, "reading", "state = 'read', content = NULL")


async def _read_stripe(run: Adoption) -> None:
    has_more, last, place = True, run.cursor, run.done
    while has_more:
        found, has_more = await foreign_answers.page_after(last)
        told = [(await stripe_candidates.of(one))[0] for one in found]
        async with database.transaction():
            for one in told:
                await _write(run.id, place, one)
                place += 1
            last = told[-1].key if told else last
            await heard(run.id, "reading", "done = $3, total = $3, cursor = $4", place, last)
        has_more = has_more and bool(told)


async def _read_file(run: Adoption, rows: Sequence[Candidate]) -> None:
    await heard(run.id, "reading", "total = $3", len(rows))
    for place in range(run.done, len(rows)):
        one = await looked_up(rows[place])
        async with database.transaction():
            await _write(run.id, place, one)
            await heard(run.id, "reading", "done = $3", place + 1)


async def looked_up(one: Candidate) -> Candidate:
    """What Stripe knows of a row of a file: the subscription it is about, or the card it names."""
    if (stripe_id := member_files.by_stripe(one)) is not None:
        try:
            found, _ = await stripe_candidates.of(await takeover.read(stripe_id))
        except UnknownAtStripe:
            return _changed(one, billing=NO_CARD)
        return _changed(found, line=one.line)
    if one.billing == CARD:
        method = await moved_billing.usable_method(one.customer, one.method)
        return _changed(one, method=method) if method else _changed(one, billing=NO_CARD, customer="", method="")
    return one


def _changed(one: Candidate, **what: object) -> Candidate:
    return json.load_as(Candidate, json.dump({**json.to_plain(one), **what}))


async def _write(run_id: UUID, place: int, one: Candidate) -> None:
    whose = await known_people.whose(one, run=run_id, position=place)
    verdict = verdicts.decide(one, whose.known, clock.now())
    if verdict.is_ready:
        await adoption_mapping.note(run_id, one)
    row = AdoptionRow(
        id=ids.new(), run=run_id, position=place, line=one.line, key=one.key, email=one.email, name=one.name,
        plan_key=one.plan_key, facts=json.dump(one), verdict=verdict.kind, notes=list(verdict.notes),
        customer=one.customer, stripe_id=one.key if one.billing == KEPT else "",
    )  # fmt: skip
    await AdoptionRow.insert(row).on_conflict(action="DO NOTHING")
