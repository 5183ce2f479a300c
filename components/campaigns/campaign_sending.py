"""Writing a campaign's e-mails: lot by lot, each person once, whatever is killed.

A lot is one transaction: it takes recipients that nobody else has, holds their addresses as they are, looks again
whether each may be written to, and stores the e-mails together with what became of each recipient. Cut off, all of it
is as before. The key of an e-mail is its campaign and address, so that even a row set back writes nothing twice.
"""

import time
from uuid import UUID

from components.campaigns import (
    audience,
    campaign_delivery,
    campaign_email,
    campaign_states,
    campaign_throttle,
    lot_emails,
    marketing_cap,
)
from components.campaigns.lot_emails import Taken
from components.campaigns.tables import Campaign
from components.consents import mailing_rules
from components.consents.held_contacts import HeldContact, held
from components.consents.mailing_rules import Rules
from components.foundation import clock, database, jobs
from components.foundation.operations import one_by_one
from components.messaging import email_outbox

LOT = 50
SECONDS = 5.0
"""For so long one job writes, then another goes on: one that is told to end is not cut off."""

NOT_STARTED = "It could not begin when its time had come, and is tried again every minute. Failed jobs say why."
NOT_FIXED = "Who gets it could not be written down yet; it is tried again every minute. Failed jobs say why."


async def start_due() -> None:
    """Those under way go on; those whose time has come are started. Raises `ExceptionGroup`."""
    under_way = await Campaign.select(Campaign.id).where(Campaign.state == "sending").output(as_list=True)
    due = await (
        Campaign.select(Campaign.id)
        .where((Campaign.state == "scheduled") & (Campaign.scheduled_at <= clock.now()))
        .order_by(Campaign.scheduled_at)
        .output(as_list=True)
    )
    await one_by_one.steps(
        lambda: one_by_one.each(under_way, _go_on, what="campaign under way"),
        lambda: one_by_one.each(due, _start, what="campaign"),
        what="campaigns",
    )


async def _go_on(campaign_id: UUID) -> None:
    key = str(campaign_id)
    await jobs.defer("send_campaign", queueing_lock=f"campaign:{key}", campaign_id=key)


async def _start(campaign_id: UUID) -> None:
    """Whoever looks at one that cannot start sees that."""
    try:
        await start(campaign_id)
    except Exception:
        is_still = (Campaign.id == campaign_id) & (Campaign.state == "scheduled")
        await Campaign.update({Campaign.trouble: NOT_STARTED}).where(is_still)
        raise


async def start(campaign_id: UUID) -> None:
    """From now on it is under way; of many who get it, its job writes down the rest. Twice it changes nothing."""
    async with database.transaction():
        campaign = await database.locked(Campaign, Campaign.id == campaign_id)
        if campaign is None or not campaign_states.may(campaign, "start"):
            return
        now = clock.now()
        if campaign.scheduled_at and campaign.scheduled_at > now:
            return
        if trouble := await audience.trouble(campaign):
            await campaign.update_self({"state": "draft", "scheduled_at": None, "trouble": trouble})
            return
        rules = await audience.rules_to_begin_with(campaign)
        await campaign.update_self({"state": "sending", "started_at": now, "trouble": "", "rules": rules})
        await audience.fix_lot(campaign)
        await _go_on(campaign_id)


async def send(campaign_id: str) -> None:
    """Write until nobody waits, this minute's number is used up, too many wait for the mail server, or it is stopped.

    First who gets it is written down, some at a time. It is sent once all are written and handed over.
    """
    id, until = UUID(campaign_id), time.monotonic() + SECONDS
    if await _is_unfixed(id, until):
        await _go_on(id)
        return
    while (
        await campaign_delivery.has_room()
        and (lot := await campaign_throttle.granted(id, LOT))
        and await _write_lot(id, lot)
    ):
        if time.monotonic() >= until:
            await _go_on(id)
            return
    # In this order: a lot that is stored in between is seen by the one or by the other.
    if await database.fetch_value(_IS_WRITTEN, id) and not await campaign_delivery.waiting(campaign_id=campaign_id):
        await database.execute(_FINISH, id, clock.now())


_ALL = """id = $1 AND state = 'sending' AND fixed_at IS NOT NULL AND NOT EXISTS (
  SELECT FROM campaign_recipient WHERE campaign = $1 AND outcome = '' AND NOT is_holdout)"""
_IS_WRITTEN = f"SELECT EXISTS (SELECT FROM campaign WHERE {_ALL})"
_FINISH = f"UPDATE campaign SET state = 'sent', ended_at = $2 WHERE {_ALL}"


async def _is_unfixed(campaign_id: UUID, until: float) -> bool:
    """Whether some are still to be written down when the time is up. Whoever looks sees what went wrong."""
    try:
        while await audience.fix_some(campaign_id):
            if time.monotonic() >= until:
                return True
    except Exception:
        is_still = (Campaign.id == campaign_id) & (Campaign.state == "sending")
        await Campaign.update({Campaign.trouble: NOT_FIXED}).where(is_still)
        raise
    return False


async def _write_lot(campaign_id: UUID, lot: int) -> int:
    """How many recipients were settled."""
    rules, now = await mailing_rules.current(), clock.now()
    async with database.transaction():
        taken = await database.fetch_as(Taken, _TAKE, campaign_id, lot)
        if not taken:
            return 0
        contacts = await held([one.contact for one in taken])
        counted = await marketing_cap.had(list(contacts), days=rules.days)
        campaign = await Campaign.objects().where(Campaign.id == campaign_id).first()
        assert campaign is not None, "its recipients point at it"
        outcomes = {one.id: _refusal(campaign, contacts.get(one.contact), counted, rules) for one in taken}
        wanted = [one for one in taken if not outcomes[one.id]]
        emails = await lot_emails.of_lot(campaign, wanted, contacts)
        outcomes |= {one.id: "written" if one.id in emails else "failed" for one in wanted}
        if wanted and not emails:
            await campaign.update_self({"state": "stopped", "trouble": "Its e-mails could not be made."})
            return 0
        await email_outbox.store_many(
            list(emails.values()), template=campaign_email.TEMPLATE, campaign_id=str(campaign_id)
        )
        await database.execute(_SETTLE, list(outcomes), list(outcomes.values()), now)
    return len(taken)


_TAKE = """
SELECT r.id, r.contact, r.person FROM campaign_recipient r JOIN campaign c ON c.id = r.campaign
WHERE r.campaign = $1 AND c.state = 'sending' AND r.outcome = '' AND NOT r.is_holdout
ORDER BY r.id LIMIT $2 FOR UPDATE OF r SKIP LOCKED"""
_SETTLE = """
UPDATE campaign_recipient r SET outcome = settled.outcome, settled_at = $3
FROM unnest($1::uuid[], $2::text[]) AS settled(id, outcome) WHERE r.id = settled.id"""


def _refusal(campaign: Campaign, contact: HeldContact | None, had: dict[UUID, int], rules: Rules) -> str:
    """Why this one is left out; "" where they may be written to. Their address is held, so this stays true."""
    if contact is None:
        return "forgotten"
    if contact.is_unreachable:
        return "unreachable"
    if campaign.kind not in contact.agreed:
        return "withdrawn"
    return "capped" if had.get(contact.id, 0) >= rules.most else ""
