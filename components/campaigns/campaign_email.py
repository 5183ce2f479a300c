"""What one person reads of a campaign: its Markdown with their name, their savings, and the link that ends it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog

from components.campaigns.tables import Campaign
from components.foundation import settings
from components.foundation.languages import language
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.messaging import rendering
from components.messaging.texts import recipient_language, text_check, written_email
from components.messaging.texts.email_kinds import EmailGroup, EmailKind
from components.messaging.texts.email_placeholders import flag, link, money, text
from components.messaging.texts.kinds.chosen_placeholder import CHOSEN
from components.messaging.texts.ready_email import ReadyEmail
from components.messaging.texts.written_email import EmailText
from components.recommendations import email_choices
from components.recommendations.personal_choices import PersonalChoice

TEMPLATE = "campaign"
log = structlog.get_logger()
KIND = EmailKind(
    TEMPLATE,
    EmailGroup("Campaigns"),
    "Campaign",
    "When staff send it.",
    (
        text("first name", "The first word of the customer’s name", "Willa").optional,
        text("name", "The customer’s whole name", "A. Customer").optional,
        money("saved", "What they have saved with their membership so far", 4250).optional,
        link("link", "The campaign’s link, with its mark for your statistics", "/products"),
        CHOSEN,
        flag("member", "They are a member now", "is_member", sample=True),
    ),
    ({"is_member": False, "saved": None, "for_you": ()},),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWords:
    """What a campaign says, saved or not."""

    subject: str
    body: str
    preheader: str = ""
    link: str = ""
    tag: str = "preview"


def has_choices(words: CampaignWords) -> bool:
    """Whether it says what is chosen for each reader."""
    return "{for you" in words.body or "{if for you" in words.body


def words_of(campaign: Campaign) -> CampaignWords:
    return CampaignWords(
        subject=campaign.subject, body=campaign.body, preheader=campaign.preheader, link=campaign.link, tag=campaign.tag
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom it is written to. `saved` in minor units, `choices` what is chosen for them."""

    name: str = ""
    language: str = ""
    saved: int = 0
    is_member: bool = False
    choices: tuple[PersonalChoice, ...] = ()


async def troubles(words: CampaignWords) -> dict[str, str]:
    """What keeps it from being sent, by field."""
    found = await text_check.found(KIND, EmailText(words.subject, words.body))
    if words.preheader.strip():
        line = await text_check.found(KIND, EmailText(words.preheader, "-"))
        found |= {"preheader": line["subject"]} if "subject" in line else {}
    return found


async def written(words: CampaignWords, reader: Reader, *, unsubscribe: str) -> ReadyEmail:
    """In the language of whoever reads it, as far as the shop's own words go. Raises an `UnusableEmailText`."""
    return await asyncio.to_thread(write, words, reader, unsubscribe)


async def written_each(words: CampaignWords, readers: Sequence[tuple[Reader, str]]) -> list[ReadyEmail | None]:
    """For each reader, with their link to unsubscribe; None where it could not be made. Written beside the loop."""
    return await asyncio.to_thread(_write_each, words, readers)


def _write_each(words: CampaignWords, readers: Sequence[tuple[Reader, str]]) -> list[ReadyEmail | None]:
    return [_tried(words, reader, unsubscribe) for reader, unsubscribe in readers]


def _tried(words: CampaignWords, reader: Reader, unsubscribe: str) -> ReadyEmail | None:
    try:
        return write(words, reader, unsubscribe)
    except Exception as trouble:
        log.warning("a campaign's e-mail could not be made", campaign=words.tag, trouble=repr(trouble))
        return None


def write(words: CampaignWords, reader: Reader, unsubscribe: str) -> ReadyEmail:
    """Raises an `UnusableEmailText`."""
    with recipient_language.of(reader.language):
        return _write(words, _fields(words, reader), unsubscribe)


def first_name(name: str) -> str:
    """Its first word; all of it where that is a title or an initial, as in “Dr. Penn”, or a family name, as in
    “Penn, Willa”."""
    first = name.split()[0] if name.strip() else ""
    return name.strip() if first.endswith((".", ",")) else first


def subject_without_name(words: CampaignWords) -> str:
    """What the subject says where no name is known; "" where it names nobody. Raises an `UnusableEmailText`."""
    named, nameless = (KIND.values(_fields(words, Reader(name=name))) for name in ("A. Customer", ""))
    line = written_email.subject_line(words.subject, nameless)
    return "" if line == written_email.subject_line(words.subject, named) else line


def address_of(words: CampaignWords) -> str:
    """The shop's page the campaign leads to, with its tag for the statistics of whoever keeps some."""
    path, sharp, place = (words.link or "/").partition("#")
    marks = urlencode({"utm_source": "email", "utm_medium": "email", "utm_campaign": words.tag})
    return f"{settings.current().base_url}{path}{'&' if '?' in path else '?'}{marks}{sharp}{place}"


def _fields(words: CampaignWords, reader: Reader) -> dict[str, Any]:
    saved = Money(reader.saved, shop_settings.current().currency) if reader.saved > 0 else None
    return {
        "name": reader.name,
        "first_name": first_name(reader.name),
        "saved": saved,
        "link": address_of(words),
        "is_member": reader.is_member,
        "for_you": email_choices.said(reader.choices),
    }


def _write(words: CampaignWords, fields: dict[str, Any], unsubscribe: str) -> ReadyEmail:
    values = KIND.values(fields)
    made = written_email.write(KIND, EmailText(words.subject, words.body), values)
    if words.preheader.strip():
        made = replace(made, preview=written_email.subject_line(words.preheader, values))
    html, plain = rendering.render_written(TEMPLATE, made, giver="", unsubscribe=unsubscribe)
    return ReadyEmail(made.subject, html, plain, None, language.current())


def recipient_key(campaign_id: UUID, contact_id: UUID) -> str:
    return f"campaign:{campaign_id}:{contact_id}"
