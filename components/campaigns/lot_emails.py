"""The e-mails of one lot of a campaign's recipients, each for its reader."""

from dataclasses import dataclass
from uuid import UUID

from components.campaigns import campaign_email
from components.campaigns.campaign_readers import readers_of
from components.campaigns.tables import Campaign
from components.consents import unsubscribe_links
from components.consents.held_contacts import HeldContact
from components.messaging.email_outbox import CampaignEmail


@dataclass(frozen=True, slots=True)
class Taken:
    id: UUID
    contact: UUID
    person: UUID | None


async def of_lot(
    campaign: Campaign, wanted: list[Taken], contacts: dict[UUID, HeldContact]
) -> dict[UUID, CampaignEmail]:
    """Those that could be made, by recipient."""
    words = campaign_email.words_of(campaign)
    with_choices = campaign_email.has_choices(words)
    readers = await readers_of({contacts[one.contact].email for one in wanted}, with_choices=with_choices)
    paths = [unsubscribe_links.path(one.contact, campaign.kind) for one in wanted]
    found = await campaign_email.written_each(
        words,
        [
            (readers[contacts[one.contact].email][1], unsubscribe_links.address(path))
            for one, path in zip(wanted, paths, strict=True)
        ],
    )
    return {
        one.id: CampaignEmail(
            key=campaign_email.recipient_key(campaign.id, one.contact), to=contacts[one.contact].email,
            person=readers[contacts[one.contact].email][0], ready=ready, unsubscribe=path,
        )
        for one, path, ready in zip(wanted, paths, found, strict=True) if ready is not None
    }  # fmt: skip
