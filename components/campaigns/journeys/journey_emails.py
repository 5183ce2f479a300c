"""One e-mail of a journey to those who have come to it: asked once more whether each may be written to, and written."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from components.campaigns import campaign_email, marketing_cap
from components.campaigns.campaign_email import CampaignWords
from components.campaigns.campaign_readers import readers_of
from components.campaigns.journeys import journey_conditions
from components.campaigns.journeys.journey_paths import Path, Walker
from components.campaigns.journeys.tables import Journey, JourneySend, JourneyStep
from components.consents import mailing_rules, unsubscribe_links
from components.consents.held_contacts import HeldContact
from components.foundation import clock, ids
from components.messaging import email_outbox
from components.messaging.email_outbox import CampaignEmail


def words_of(journey: Journey, step: JourneyStep) -> CampaignWords:
    return CampaignWords(
        subject=step.subject, body=step.body, preheader=step.preheader, link=step.link, tag=journey.tag
    )


def key_of(step_id: UUID, entry_id: UUID) -> str:
    return f"journey:{step_id}:{entry_id}"


def of_key(key: str) -> tuple[UUID, UUID]:
    """Its step and entry."""
    _, step_id, entry_id = key.split(":")
    return UUID(step_id), UUID(entry_id)


async def send(
    journey: Journey, step: JourneyStep, path: Path, walkers: list[Walker], contacts: dict[UUID, HeldContact]
) -> None:
    """In the caller's transaction, in which their addresses are held.

    Who may not be written to leaves; who had it, had enough lately, or comes too late goes on without it.
    """
    fitting = await journey_conditions.still_fitting(journey, [one.id for one in walkers])
    left: dict[str, list[Walker]] = {}
    for one in walkers:
        left.setdefault(_refusal(journey, one, contacts, fitting), []).append(one)
    staying = left.pop("", [])
    for why, those in left.items():
        path.leave(those, why)
    if not staying:
        return
    skipped = await _skipped(step, staying)
    wanted = [one for one in staying if one.id not in skipped]
    emails = await _emails(journey, step, wanted, contacts)
    skipped |= {one.id: "failed" for one in wanted if one.id not in emails}
    await email_outbox.store_many(list(emails.values()), template=campaign_email.TEMPLATE, journey_id=str(journey.id))
    await _note(step, staying, skipped)
    path.go_on([one for one in staying if one.id in emails], from_now=True)
    path.go_on([one for one in staying if one.id not in emails])


def _refusal(journey: Journey, one: Walker, contacts: dict[UUID, HeldContact], fitting: set[UUID]) -> str:
    """Why they leave; "" where they may be written to. Their address is held, so this stays true."""
    if one.is_forgotten:
        return "forgotten"
    contact = contacts.get(one.contact) if one.contact else None
    if contact is None or journey.kind not in contact.agreed:
        return "withdrawn"
    if contact.is_unreachable:
        return "unreachable"
    return "" if one.id in fitting else "unfit"


async def _skipped(step: JourneyStep, staying: Sequence[Walker]) -> dict[UUID, str]:
    """Who goes on without this e-mail, and why: had before, too late, or enough lately."""
    here, now = [one.id for one in staying], clock.now()
    had = JourneySend.select(JourneySend.entry).where(JourneySend.step == step.id, JourneySend.entry.is_in(here))
    skipped = {row["entry"]: "had" for row in await had}
    rules = await mailing_rules.current()
    counted = await marketing_cap.had([one.contact for one in staying if one.contact], days=rules.days)
    for one in staying:
        if now - one.due_at > timedelta(days=step.late_days):
            skipped.setdefault(one.id, "late")
        elif one.contact and counted.get(one.contact, 0) >= rules.most:
            skipped.setdefault(one.id, "capped")
    return skipped


async def _note(step: JourneyStep, staying: Sequence[Walker], skipped: dict[UUID, str]) -> None:
    rows = [
        JourneySend(
            id=ids.new(), entry=one.id, step=step.id, contact=one.contact, outcome=skipped.get(one.id, "written"),
            at=clock.now(),
        )
        for one in staying
        if skipped.get(one.id) != "had"
    ]  # fmt: skip
    if rows:
        await JourneySend.insert(*rows)


async def _emails(
    journey: Journey, step: JourneyStep, wanted: Sequence[Walker], contacts: dict[UUID, HeldContact]
) -> dict[UUID, CampaignEmail]:
    """Those that could be made, by entry."""
    those = [(one, contacts[one.contact]) for one in wanted if one.contact]
    words = words_of(journey, step)
    with_choices = campaign_email.has_choices(words)
    readers = await readers_of({contact.email for _, contact in those}, with_choices=with_choices)
    paths = [unsubscribe_links.path(contact.id, journey.kind) for _, contact in those]
    found = await campaign_email.written_each(
        words,
        [
            (readers[contact.email][1], unsubscribe_links.address(path))
            for (_, contact), path in zip(those, paths, strict=True)
        ],
    )
    return {
        one.id: CampaignEmail(
            key=key_of(step.id, one.id), to=contact.email, person=readers[contact.email][0], ready=ready,
            unsubscribe=path,
        )
        for (one, contact), path, ready in zip(those, paths, found, strict=True) if ready is not None
    }  # fmt: skip
