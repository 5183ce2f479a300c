"""What one customer said of marketing e-mails, what staff note of it, and whether mail reaches them."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.consents import consents, unreachable
from components.consents.consent_words import HOW, KINDS, STATES
from components.consents.consents import MailingStanding
from components.consents.tables import ConsentChange
from components.foundation import audit
from components.foundation.refusals import NotFound
from components.people import customer_accounts, operators
from components.people.tables import Person
from web.current_person import person_id_of
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page


class MemberConsentForm(Form):
    kind = Choice("Kind", tuple(KINDS.items()))
    said = Choice("What they said", (("withdrawn", "No more of these"), ("given", "They agree")), as_radio=True)
    reason = Text("How you know", longest=300, help="On the telephone, in a letter … They can read it in their copy.")


@dataclass(frozen=True, kw_only=True)
class MemberConsentsPage(View):
    template: ClassVar[str] = "staff/campaigns/member.html"
    person: Person
    standing: MailingStanding
    kinds: dict[str, str]
    states: dict[str, str]
    hows: dict[str, str]
    changes: tuple[tuple[ConsentChange, str], ...]
    form: MemberConsentForm


class StaffMemberConsentsController(Controller):
    path = "/staff/members/{person_id:uuid}/consents"
    guards = [staff("members")]

    @get()
    async def show(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        return page(request, await _page(await _person(person_id), MemberConsentForm.blank(said="withdrawn")))

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        person, form, by = await _person(person_id), await MemberConsentForm.read(request), person_id_of(request)
        if not form.is_valid:
            return page(request, await _page(person, form), status=422)
        if form.said == "given":
            await consents.note(person.email, form.kind, person_id=person.id, by=by, reason=form.reason)
        else:
            await consents.withdraw(
                person.email, [form.kind], how="staff", person_id=person.id, by=by, reason=form.reason
            )
        await audit.record(by, f"consent {form.said}", "person", person.id, after={"kind": form.kind})
        return with_notice(see_other(request.url.path), "Noted.")

    @post("/reachable")
    async def reach(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        person = await _person(person_id)
        await unreachable.reachable_again(person.email, by=person_id_of(request), person_id=person.id)
        here = f"/staff/members/{person_id}/consents"
        return with_notice(see_other(here), "Marketing e-mails may be sent to this address again.")


async def _person(person_id: UUID) -> Person:
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound("There is no customer at this address.")
    return person


async def _page(person: Person, form: MemberConsentForm) -> MemberConsentsPage:
    names = {one.person_id: one.name or one.email for one in await operators.all_operators()}
    said = await consents.history(person.email)
    return MemberConsentsPage(
        person=person,
        standing=await consents.standing(person.email),
        kinds=KINDS,
        states=STATES,
        hows=HOW,
        changes=tuple((one, names.get(one.by, "Former staff") if one.by else "") for one in said),
        form=form,
    )
