"""The forms of a campaign: what it says and to whom, and when it begins."""

from typing import Any
from uuid import UUID

from components.campaigns import audience
from components.campaigns.campaign_email import KIND, CampaignWords
from components.campaigns.campaigns import CampaignDraft
from components.campaigns.tables import Campaign
from components.consents.consent_words import KINDS
from components.foundation import clock
from components.messaging.texts import text_check
from components.messaging.texts.written_email import EmailText
from web.forms.fields import Choice, Choices, LongText, Text
from web.forms.form import Form
from web.forms.numbers import VersionNumber, Whole
from web.forms.times import Moment

MOST_HELD_OUT, MOST_A_MINUTE = 50, 10_000
SUGGESTED = "suggestion:"
"""Before the id of a suggestion, in place of a segment: its customers get one when the campaign is saved."""


class CampaignForm(Form):
    name = Text("Name", longest=120, help="Only visible to staff. Links are marked with it.")
    kind = Choice("Kind", tuple(KINDS.items()), help="It goes only to those who agreed to this kind.")
    segment = Choice("Segment", required=False, help="Customers with an account. Empty: everybody who agreed.")
    subject = LongText("Subject", longest=text_check.LONGEST_SUBJECT, rows=2)
    preheader = Text(
        "Line after the subject",
        longest=200,
        required=False,
        help="What an inbox shows beside the subject. Empty: the first paragraph.",
    )
    body = LongText(
        "Text",
        longest=text_check.LONGEST_BODY,
        rows=20,
        help="Markdown: # heading, **bold**, lists. A link that is a line of its own becomes a button.",
    )
    link = Text("Where {link} leads", longest=300, required=False, help="A path of your shop, such as /products.")
    holdout = Whole(
        "Holdout, in %",
        most=MOST_HELD_OUT,
        help="So many of a hundred get nothing, to compare with. Without any, nobody knows what it brought.",
    )
    per_minute = Whole("E-mails a minute, at most", least=1, most=MOST_A_MINUTE)
    version = VersionNumber("Version", required=False)
    seen_by = Text(
        "Preview as this customer", longest=254, required=False, help="A name or an e-mail, or a part of it."
    )

    def check(self) -> None:
        path = self.values.get("link") or ""
        if path and (not path.startswith("/") or path.startswith(("//", "/\\")) or any(one.isspace() for one in path)):
            self.refuse("link", "Enter a path of your shop that begins with “/”.")

    async def look_over(self) -> None:
        """Say at each field what would keep it from being sent."""
        for name, words in (await text_check.found(KIND, self.text)).items():
            self.refuse(name, words)
        if preheader := self.field("preheader").typed.strip():
            found = await text_check.found(KIND, EmailText(preheader, "-"))
            if "subject" in found:
                self.refuse("preheader", found["subject"])

    @property
    def text(self) -> EmailText:
        return EmailText(self.field("subject").typed, self.field("body").typed.replace("\r\n", "\n"))

    @property
    def draft(self) -> CampaignDraft:
        is_there = self.segment and not self.segment.startswith(SUGGESTED)
        return CampaignDraft(
            name=self.name, kind=self.kind, segment=UUID(self.segment) if is_there else None,
            subject=self.text.subject, preheader=self.preheader or "", body=self.text.body, link=self.link or "",
            holdout=self.holdout, per_minute=self.per_minute,
        )  # fmt: skip

    @property
    def as_typed(self) -> CampaignWords:
        """For a preview, whether it can be saved or not."""
        preheader, link = self.field("preheader").typed, self.values.get("link") or ""
        return CampaignWords(subject=self.text.subject, body=self.text.body, preheader=preheader, link=link)


class ScheduleForm(Form):
    at = Moment("Send at")
    version = VersionNumber("Version", required=False)

    def check(self) -> None:
        at = self.values.get("at")
        if at is not None and at <= clock.now():
            self.refuse("at", "That is past. Choose a later time, or send it now.")


class SendNowForm(Form):
    version = VersionNumber("Version", required=False)


async def choices(campaign: Campaign | None = None) -> dict[str, Choices]:
    """The segments there are; one that is archived stays chosen where it is."""
    return await choices_with(campaign.segment if campaign is not None and campaign.segment else None)


async def choices_with(segment_id: UUID | None) -> dict[str, Choices]:
    """The same, with the one that is chosen."""
    found = [("", audience.EVERYBODY), *await audience.choices()]
    if segment_id and str(segment_id) not in dict(found):
        found.append((str(segment_id), "A segment that is archived or gone"))
    return {"segment": tuple(found)}


def filled(campaign: Campaign, known: dict[str, Choices]) -> CampaignForm:
    given: dict[str, Any] = {
        name: getattr(campaign, name)
        for name in ("name", "kind", "subject", "preheader", "body", "link", "holdout", "per_minute", "version")
    }
    return CampaignForm.blank(choices=known, segment=str(campaign.segment or ""), **given)
