"""Which e-mails that nobody has to get a person wants: a box for each kind."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.consents import consents
from components.consents.consent_words import HOW, KINDS, STATES
from components.consents.consents import MailingStanding
from components.consents.tables import ConsentChange
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound
from components.people import customer_accounts
from components.people.tables import Person
from web.current_person import person_id_of
from web.forms.fields import Many
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.views import View, page

HERE = "/account/e-mails"


class MailingsForm(Form):
    kinds = Many(N_("E-mail me"), tuple(KINDS.items()), required=False)


@dataclass(frozen=True, kw_only=True)
class MailingsPage(View):
    """`waits`: what was ticked and has to be confirmed from the e-mail sent to the address."""

    template: ClassVar[str] = "account/profile/mailings/edit.html"
    form: MailingsForm
    email: str
    waits: tuple[str, ...]
    standing: MailingStanding
    changes: tuple[tuple[ConsentChange, str, str, str], ...]


class MailingsController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def edit(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person = await _person(request)
        standing = await consents.standing(person.email)
        return page(request, await _page(person, standing, MailingsForm.blank(kinds=standing.agreed)))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form, person = await MailingsForm.read(request), await _person(request)
        if not form.is_valid:
            return page(request, await _page(person, await consents.standing(person.email), form), status=422)
        dropped = [kind for kind in KINDS if kind not in form.kinds]
        await consents.withdraw(person.email, dropped, how="own page", person_id=person.id)
        counts = await consents.agree(person.email, form.kinds, how="own page", person_id=person.id)
        waits = form.kinds and not counts
        words = _("Please confirm it from the e-mail we’ve sent to %(email)s.", email=person.email)
        return with_notice(see_other(HERE), words if waits else _("Saved."))


async def _person(request: Request[Any, Any, Any]) -> Person:
    person = await customer_accounts.by_id(person_id_of(request))
    if person is None:
        raise NotFound
    return person


async def _page(person: Person, standing: MailingStanding, form: MailingsForm) -> MailingsPage:
    """An address that is not confirmed may be somebody else's, whose history is nobody's business."""
    said = await consents.history(person.email) if person.email_confirmed_at else []
    return MailingsPage(
        form=form,
        email=person.email,
        waits=tuple(_(KINDS[kind]) for kind in standing.waits),
        standing=standing,
        changes=tuple((one, _(KINDS[one.kind]), _(STATES[one.state]), _(HOW[one.how])) for one in said),
    )
