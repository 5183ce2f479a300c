"""The forms of a journey: what begins it and for whom, and one for each kind of step."""

from typing import Any
from uuid import UUID

from components.campaigns.campaign_email import KIND, CampaignWords
from components.campaigns.journeys.journey_conditions import CONDITIONS
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.campaigns.journeys.journeys import JourneyDraft
from components.campaigns.journeys.ready_made import ReadyStep
from components.campaigns.journeys.tables import Journey, JourneyStep
from components.consents.consent_words import KINDS
from components.messaging.texts import text_check
from components.messaging.texts.written_email import EmailText
from web.forms.fields import Choice, Choices, LongText, Text
from web.forms.form import Form
from web.forms.numbers import VersionNumber, Whole
from web.staff.campaigns.campaign_forms import MOST_HELD_OUT

LONGEST_WAIT = 365


class JourneyForm(Form):
    name = Text("Name", longest=120, help="Only visible to staff. Links are marked with it.")
    entry = Choice("Begins with", tuple((key, one.title) for key, one in OCCASIONS.items()))
    days = Whole("Days", most=400, help="Not for a welcome or a birthday: these come on the day itself.")
    kind = Choice("Kind", tuple(KINDS.items()), help="Only those who agreed to this kind enter.")
    segment = Choice("Only of this segment", required=False, help="Asked when somebody is to enter.")
    holdout = Whole(
        "Holdout, in %",
        most=MOST_HELD_OUT,
        help="So many of a hundred get nothing, to compare with. Without any, nobody knows what it brought.",
    )
    version = VersionNumber("Version", required=False)

    def check(self) -> None:
        occasion, days = OCCASIONS.get(self.values.get("entry") or ""), self.values.get("days")
        if occasion and occasion.days_label and days is not None and not occasion.least <= days <= occasion.most:
            self.refuse("days", f"Choose a number from {occasion.least} to {occasion.most}.")

    @property
    def draft(self) -> JourneyDraft:
        return JourneyDraft(
            name=self.name, entry=self.entry, days=self.days, kind=self.kind,
            segment=UUID(self.segment) if self.segment else None, holdout=self.holdout,
        )  # fmt: skip


class WaitForm(Form):
    days = Whole("Days", most=LONGEST_WAIT)
    hours = Whole("Hours", most=23)
    version = VersionNumber("Version", required=False)

    def check(self) -> None:
        if self.is_valid and not self.values.get("days") and not self.values.get("hours"):
            self.refuse("days", "Enter at least one hour or one day.")

    @property
    def step(self) -> ReadyStep:
        return ReadyStep(kind="wait", hours=24 * self.days + self.hours)


class ConditionForm(Form):
    condition = Choice("Go on only if", tuple((key, words) for key, (words, _) in CONDITIONS.items()))
    segment = Choice("Segment", required=False, help="Only for “they fit the segment”.")
    version = VersionNumber("Version", required=False)

    def check(self) -> None:
        if self.values.get("condition") == "segment" and not self.values.get("segment"):
            self.refuse("segment", "Choose the segment that they have to fit.")

    @property
    def step(self) -> ReadyStep:
        asks = self.condition == "segment" and self.segment
        return ReadyStep(kind="condition", condition=self.condition, segment=UUID(self.segment) if asks else None)


class EmailStepForm(Form):
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
        rows=16,
        help="Markdown: # heading, **bold**, lists. A link that is a line of its own becomes a button.",
    )
    link = Text("Where {link} leads", longest=300, required=False, help="A path of your shop, such as /products.")
    late_days = Whole(
        "Not later than, in days",
        least=1,
        most=60,
        help="Whoever comes to it later than that after it was due goes on without it.",
    )
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
    def step(self) -> ReadyStep:
        return ReadyStep(
            kind="email", subject=self.text.subject, preheader=self.preheader or "", body=self.text.body,
            link=self.link or "", late_days=self.late_days,
        )  # fmt: skip

    @property
    def as_typed(self) -> CampaignWords:
        """For a preview, whether it can be saved or not."""
        preheader, link = self.field("preheader").typed, self.values.get("link") or ""
        return CampaignWords(subject=self.text.subject, body=self.text.body, preheader=preheader, link=link)


StepForm = WaitForm | ConditionForm | EmailStepForm
FORMS: dict[str, type[WaitForm] | type[ConditionForm] | type[EmailStepForm]] = {
    "wait": WaitForm,
    "condition": ConditionForm,
    "email": EmailStepForm,
}
BLANK: dict[str, dict[str, Any]] = {
    "wait": {"days": 3, "hours": 0},
    "condition": {"condition": "not_ordered"},
    "email": {"late_days": 3},
}


def filled(journey: Journey, known: dict[str, Choices]) -> JourneyForm:
    given: dict[str, Any] = {
        name: getattr(journey, name) for name in ("name", "entry", "days", "kind", "holdout", "version")
    }
    return JourneyForm.blank(choices=known, segment=str(journey.segment or ""), **given)


def filled_step(step: JourneyStep, version: int, known: dict[str, Choices]) -> StepForm:
    if step.kind == "wait":
        return WaitForm.blank(days=step.hours // 24, hours=step.hours % 24, version=version)
    if step.kind == "condition":
        segment = str(step.segment or "")
        return ConditionForm.blank(choices=known, condition=step.condition, segment=segment, version=version)
    given: dict[str, Any] = {
        name: getattr(step, name) for name in ("subject", "preheader", "body", "link", "late_days")
    }
    return EmailStepForm.blank(version=version, **given)
