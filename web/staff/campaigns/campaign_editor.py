"""The page on which a campaign is written: the form, a preview of what is typed, and a test to oneself."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Request, Response

from components.campaigns import campaign_previews
from components.campaigns.campaign_email import KIND
from components.campaigns.campaign_previews import NoSuchCustomer
from components.campaigns.tables import Campaign
from components.messaging import mailbox
from components.messaging.texts import text_previews
from components.messaging.texts.email_placeholders import PlaceholderType
from components.messaging.texts.ready_email import ReadyEmail
from components.messaging.texts.text_troubles import UnusableEmailText
from components.people.rate_limits import TooManyTries
from web.current_person import person_id_of
from web.looks import content_policy
from web.staff.campaigns.campaign_forms import CampaignForm
from web.views import View, page, visitor_of


@dataclass(frozen=True, slots=True)
class PlaceholderLine:
    written: str
    meaning: str
    example: str


@dataclass(frozen=True, kw_only=True)
class CampaignEditorPage(View):
    """`email` is None while it cannot be shown: `trouble` says why. `sent_to`: where a test has just gone."""

    template: ClassVar[str] = "staff/campaigns/edit.html"
    form: CampaignForm
    campaign_id: UUID | None
    action: str
    email: ReadyEmail | None
    trouble: str
    sent_to: str
    can_send: bool
    may_see_customers: bool
    placeholders: tuple[PlaceholderLine, ...]


async def editor(
    request: Request[Any, Any, Any], form: CampaignForm, campaign: Campaign | None, *, test: bool = False,
    status: int = 0,
) -> Response[Any]:  # fmt: skip
    email, trouble = await _preview(request, form)
    sent_to = ""
    if test and email is not None:
        try:
            sent_to = await campaign_previews.send_to_oneself(email, by=person_id_of(request))
        except TooManyTries as refusal:
            form.refuse(None, str(refusal))
            status = refusal.status
    view = CampaignEditorPage(
        form=form,
        campaign_id=campaign.id if campaign else None,
        action=f"/staff/campaigns/{campaign.id}" if campaign else "/staff/campaigns",
        email=email,
        trouble=trouble,
        sent_to=sent_to,
        can_send=mailbox.can_send(),
        may_see_customers=visitor_of(request).may("members"),
        placeholders=_placeholders(),
    )
    response = page(request, view, status=status or (200 if form.is_valid else 422))
    if email:
        response.headers["Content-Security-Policy"] = content_policy.around(email.html)
    return response


async def _preview(request: Request[Any, Any, Any], form: CampaignForm) -> tuple[ReadyEmail | None, str]:
    typed, seen_by = form.as_typed, form.values.get("seen_by")
    if not form.text.body.strip():
        return None, "Write something, and it is shown here."
    try:
        if seen_by and visitor_of(request).may("members"):
            return await campaign_previews.as_customer(typed, seen_by, by=person_id_of(request)), ""
        return await campaign_previews.made_up(typed), ""
    except UnusableEmailText as trouble:
        return None, str(trouble)
    except NoSuchCustomer as refusal:
        form.refuse("seen_by", str(refusal))
        return None, str(refusal)


def _placeholders() -> tuple[PlaceholderLine, ...]:
    examples = text_previews.examples(KIND)
    return tuple(
        PlaceholderLine(
            f"{{if {one.name}}}…{{end}}" if one.type is PlaceholderType.FLAG else f"{{{one.name}}}",
            one.meaning,
            examples.get(one.name, ""),
        )
        for one in KIND.placeholders.values()
    )
