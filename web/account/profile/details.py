"""A person's own details: name, birthday and e-mail."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation import clock
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound
from components.people import customer_accounts, email_confirmations, passwords
from components.people.rate_limits import TooManyTries
from components.people.tables import Person
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.demo_mode import mailbox_address
from web.forms.fields import EmailField, Text
from web.forms.form import Form
from web.forms.times import Day
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.views import View, page

EARLIEST_BIRTHDAY = date(1900, 1, 1)


class DetailsForm(Form):
    name = Text(N_("Name"), autocomplete="name", required=False)
    birthday = Day(
        N_("Birthday"),
        required=False,
        autocomplete="bday",
        help=N_(
            "For a birthday gift, if your plan includes one, and for a birthday e-mail, if you agreed to our e-mails."
        ),
    )

    def check(self) -> None:
        born = self.values.get("birthday")
        if born and not EARLIEST_BIRTHDAY <= born <= clock.now().date():
            self.refuse("birthday", _("Choose a date that isn’t in the future."))


class EmailForm(Form):
    email = EmailField(
        N_("New e-mail"),
        autocomplete="email",
        help=N_("We’ll send a confirmation to it. Nothing changes until you confirm."),
    )


@dataclass(frozen=True, kw_only=True)
class DetailsPage(View):
    template: ClassVar[str] = "account/profile/details/edit.html"
    form: DetailsForm
    email_form: EmailForm
    email: str
    is_confirmed: bool
    has_password: bool
    mailbox: str


class DetailsController(Controller):
    path = "/account/details"
    guards = [signed_in]

    @get()
    async def edit(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person = await _person(request)
        return page(request, await _details(person, form=_filled(person), email_form=EmailForm.blank()))

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form, person = await DetailsForm.read(request), await _person(request)
        if not form.is_valid:
            return page(request, await _details(person, form=form, email_form=EmailForm.blank()), status=422)
        await customer_accounts.rename(person.id, name=form.name)
        await customer_accounts.remember_birthday(person.id, birthday=form.birthday)
        return with_notice(see_other("/account/details"), _("Saved."))

    @post("/email", before_request=confirm_first)
    async def update_email(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Request another e-mail. Requesting the current one sends its confirmation again."""
        form, person = await EmailForm.read(request), await _person(request)
        if not form.is_valid:
            return page(request, await _details(person, form=_filled(person), email_form=form), status=422)
        try:
            await email_confirmations.request(person.id, email=form.email)
        except TooManyTries as refusal:
            form.refuse("email", str(refusal))
            response = page(request, await _details(person, form=_filled(person), email_form=form), status=429)
            response.headers["Retry-After"] = str(refusal.retry_after)
            return response
        words = _("We’ve sent an e-mail to %(email)s. Use the button in it to confirm.", email=form.email)
        return with_notice(see_other("/account/details"), words)


async def _person(request: Request[Any, Any, Any]) -> Person:
    person = await customer_accounts.by_id(person_id_of(request))
    if person is None:
        raise NotFound
    return person


def _filled(person: Person) -> DetailsForm:
    return DetailsForm.blank(name=person.name, birthday=person.birthday)


async def _details(person: Person, *, form: DetailsForm, email_form: EmailForm) -> DetailsPage:
    return DetailsPage(
        form=form,
        email_form=email_form,
        email=person.email,
        is_confirmed=bool(person.email_confirmed_at),
        has_password=await passwords.is_set(person.id),
        mailbox=mailbox_address(),
    )
