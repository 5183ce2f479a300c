"""Preview the shop as any kind of visitor on any date, read-only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation import audit, database
from components.foundation.formatting import moment
from components.foundation.refusals import NotFound
from components.memberships.entitlements import hypothetical_member
from components.memberships.plans import plan_catalogue
from components.people import customer_accounts
from web import previews
from web.current_person import person_id_of, session_of
from web.forms.fields import Choice, Choices, EmailField
from web.forms.form import Form
from web.forms.times import Moment
from web.guards import staff
from web.previews import PreviewRequest
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

A_YEAR = timedelta(days=365)
WHO = (
    ("guest", "A guest"),
    ("customer", "A customer who has never been a member"),
    ("free", "A member on the free plan"),
    ("member", "A member of a plan"),
    ("grace", "A member whose payment is past due (in the grace period)"),
    ("lapsed", "A member whose membership has ended"),
    ("person", "A specific customer"),
)
NEEDS_PLAN = frozenset({"member", "grace"})


class PreviewForm(Form):
    who = Choice("View as", WHO, as_radio=True)
    plan = Choice("Plan", required=False, help="For a member.")
    since = Moment(
        "Member since",
        required=False,
        step="1",
        help="Content that unlocks over time counts from this date. Leave empty for one year before.",
    )
    email = EmailField("E-mail of the customer", required=False, help="For a specific customer.")
    at = Moment(
        "On date",
        required=False,
        step="1",
        help="In the past or future. Leave empty for the current date. Account pages always show today’s records.",
    )

    def check(self) -> None:
        if self.values["who"] in NEEDS_PLAN and not self.values["plan"]:
            self.refuse("plan", "Choose a plan.")
        if self.values["who"] == "person" and not self.values["email"]:
            self.refuse("email", "Enter the customer’s e-mail address.")


@dataclass(frozen=True, kw_only=True)
class PreviewPage(View):
    template: ClassVar[str] = "staff/members/preview/show.html"
    form: PreviewForm
    running: str


class StaffPreviewController(Controller):
    path = "/staff/preview"
    guards = [staff(previews.PERMISSION)]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        form = PreviewForm.blank(choices=_choices(visitor.at), who="member", at=visitor.at)
        return _shown(request, form)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Start a preview, or change the current one."""
        visitor = visitor_of(request)
        form = await PreviewForm.read(request, choices=_choices(visitor.at))
        wish = await _wish(form, visitor.at) if form.is_valid else None
        if wish is None:
            return _shown(request, form, status=422)
        async with database.transaction():
            by, after = person_id_of(request), {"as": "a customer" if wish.person else wish.words, "at": wish.at}
            await audit.record(by, "preview started", "preview", wish.person or wish.who, after=after)
        return previews.cookie_of(see_other("/"), previews.start(wish, session_of(request)))

    @post("/end")
    async def destroy(self, request: Request[Any, Any, Any]) -> Response[Any]:
        answer = with_notice(see_other("/staff/preview"), "Preview ended.")
        answer.set_cookie(previews.cookie("", 0))
        return answer


async def _wish(form: PreviewForm, now: datetime) -> PreviewRequest | None:
    """None once a field has been refused."""
    at, who, plan = form.at or now, form.who, form.plan
    if who == "person":
        return await _person(form, at)
    if who == "free":
        plan = next((one.slug for one in plan_catalogue.all_plans(at) if one.is_free), "")
        if not plan:
            form.refuse("who", "The shop had no free plan on that date.")
            return None
        who = "member"
    if who not in NEEDS_PLAN:
        return PreviewRequest(who=who, at=at, words=_words(_spoken(form.who), at))  # type: ignore[arg-type]
    return await _member(form, who, plan, at)


async def _member(form: PreviewForm, who: str, plan: str, at: datetime) -> PreviewRequest | None:
    since = form.since or at - A_YEAR
    if since > at:
        form.refuse("since", "The preview date must not be before the date of joining.")
        return None
    try:
        standing = await hypothetical_member.holding_plan(plan, since=since, at=at)
    except NotFound as refusal:
        form.refuse("plan", str(refusal))
        return None
    name = standing.plans[0].plan_name
    words = f"a member of {name} whose payment is past due" if who == "grace" else f"a member of {name}"
    if form.since:
        words += f" since {moment(since)}"
    return PreviewRequest(who=who, plan=plan, since=since, at=at, words=_words(words, at))  # type: ignore[arg-type]


async def _person(form: PreviewForm, at: datetime) -> PreviewRequest | None:
    person = await customer_accounts.by_email(form.email)
    if person is None:
        form.refuse("email", "There is no account with this e-mail address.")
        return None
    return PreviewRequest(who="person", person=person.id, at=at, words=_words(person.name or person.email, at))


def _words(who: str, at: datetime) -> str:
    return f"{who}, on {moment(at)}"


def _spoken(who: str) -> str:
    """ "a guest", from the form's own words."""
    words = dict(WHO)[who]
    return words[:1].lower() + words[1:]


def _choices(at: datetime) -> dict[str, Choices]:
    return {"plan": tuple((one.slug, one.name) for one in plan_catalogue.all_plans(at))}


def _shown(request: Request[Any, Any, Any], form: PreviewForm, *, status: int = 200) -> Response[Any]:
    running = visitor_of(request).preview or ""
    return page(request, PreviewPage(form=form, running=running), status=status)
