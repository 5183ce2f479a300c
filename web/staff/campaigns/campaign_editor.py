"""The page on which a campaign is written: the form, a preview of what is typed, and a test to oneself."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID

from litestar import Request, Response

from components.campaigns import campaign_email, campaign_previews
from components.campaigns.campaign_email import KIND, CampaignWords
from components.campaigns.campaign_previews import FoundCustomer, NoSuchCustomer
from components.campaigns.tables import Campaign
from components.messaging import mailbox
from components.messaging.texts import text_previews
from components.messaging.texts.email_placeholders import PlaceholderType
from components.messaging.texts.ready_email import ReadyEmail
from components.messaging.texts.text_troubles import UnusableEmailText
from components.messaging.texts.written_email import EmailText
from components.people.rate_limits import TooManyTries
from web.current_person import person_id_of
from web.forms.sending import read_body
from web.looks import content_policy
from web.staff.campaigns.campaign_forms import CampaignForm
from web.views import View, page, visitor_of


@dataclass(frozen=True, slots=True)
class PlaceholderLine:
    written: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class WrittenLook:
    """`email` is None while it cannot be shown: `trouble` says why. `sent_to`: where a test has just gone.
    `nameless`: the subject for those whose name is not known, where it is another. `found`: to choose one of, where
    several customers fit what was typed."""

    email: ReadyEmail | None
    trouble: str
    sent_to: str
    status: int
    nameless: str = ""
    found: tuple[FoundCustomer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CampaignEditorPage(View):
    template: ClassVar[str] = "staff/campaigns/edit.html"
    form: CampaignForm
    campaign_id: UUID | None
    action: str
    look: WrittenLook
    can_send: bool
    may_see_customers: bool
    placeholders: tuple[PlaceholderLine, ...]


WRITTEN = ("subject", "preheader", "body")
"""The fields of what is sent: while one of them cannot be, no test is sent either."""
SEEN_BY, CHOSEN = "seen_by", "seen_as"
CHOOSE = "Several customers fit. Choose one beside “Preview as this customer”."


class LookedAt(Protocol):
    """A form in which an e-mail is written."""

    typed: dict[str, list[str]]
    errors: dict[str, str]
    values: dict[str, Any]

    @property
    def text(self) -> EmailText: ...
    @property
    def as_typed(self) -> CampaignWords: ...
    def refuse(self, name: str | None, message: str) -> Any: ...


async def look_at(request: Request[Any, Any, Any], form: LookedAt, *, test: bool) -> WrittenLook:
    """What is typed as one customer or somebody made up would read it; as a `test` it is sent to oneself too."""
    found = await _chosen(request, form)
    email, trouble = (None, CHOOSE) if len(found) > 1 else await _preview(request, form, found)
    sent_to, status, is_wrong = "", 0, any(form.errors.get(one) for one in WRITTEN)
    if test and email is not None and not is_wrong:
        try:
            sent_to = await campaign_previews.send_to_oneself(email, by=person_id_of(request))
        except TooManyTries as refusal:
            form.refuse(None, str(refusal))
            status = refusal.status
    nameless = campaign_email.subject_without_name(form.as_typed) if email else ""
    return WrittenLook(email, trouble, sent_to, status, nameless, found if len(found) > 1 else ())


async def made_up_look(campaign: Campaign) -> WrittenLook:
    """What it says, with made-up values."""
    try:
        words = campaign_email.words_of(campaign)
        nameless = campaign_email.subject_without_name(words)
        return WrittenLook(await campaign_previews.made_up(words), "", "", 0, nameless)
    except UnusableEmailText as trouble:
        return WrittenLook(None, str(trouble), "", 0)


async def editor(
    request: Request[Any, Any, Any], form: CampaignForm, campaign: Campaign | None, *, test: bool = False,
    status: int = 0,
) -> Response[Any]:  # fmt: skip
    look = await look_at(request, form, test=test)
    view = CampaignEditorPage(
        form=form,
        campaign_id=campaign.id if campaign else None,
        action=f"/staff/campaigns/{campaign.id}" if campaign else "/staff/campaigns",
        look=look,
        can_send=mailbox.can_send(),
        may_see_customers=visitor_of(request).may("members"),
        placeholders=placeholder_lines(),
    )
    response = page(request, view, status=look.status or status or (200 if form.is_valid else 422))
    if look.email:
        response.headers["Content-Security-Policy"] = content_policy.around(look.email.html)
    return response


async def _chosen(request: Request[Any, Any, Any], form: LookedAt) -> tuple[FoundCustomer, ...]:
    """Whom what was typed may mean; whoever was chosen of several is typed from now on."""
    if not visitor_of(request).may("members"):
        return ()
    if one := str((await read_body(request)).get(CHOSEN) or ""):
        form.values[SEEN_BY], form.typed[SEEN_BY] = one, [one]
    if not (typed := (form.values.get(SEEN_BY) or "").strip()):
        return ()
    try:
        return await campaign_previews.customers(typed)
    except NoSuchCustomer as refusal:
        form.refuse(SEEN_BY, str(refusal))
        return ()


async def _preview(
    request: Request[Any, Any, Any], form: LookedAt, found: tuple[FoundCustomer, ...]
) -> tuple[ReadyEmail | None, str]:
    if not form.text.body.strip():
        return None, "Write something and choose “Preview”, and it is shown here."
    try:
        for one in found:
            return await campaign_previews.as_customer(form.as_typed, one.email, by=person_id_of(request)), ""
        return await campaign_previews.made_up(form.as_typed), ""
    except UnusableEmailText as trouble:
        return None, str(trouble)


async def only_looks(request: Request[Any, Any, Any]) -> bool:
    """Whether the button only shows it, or sends it to oneself, and saves nothing."""
    body = await read_body(request)
    return "look" in body or "test" in body or CHOSEN in body


def placeholder_lines() -> tuple[PlaceholderLine, ...]:
    examples = text_previews.examples(KIND)
    return tuple(
        PlaceholderLine(
            f"{{if {one.name}}}…{{end}}" if one.type is PlaceholderType.FLAG else f"{{{one.name}}}",
            one.meaning,
            examples.get(one.name, ""),
        )
        for one in KIND.placeholders.values()
    )
