"""Whether anything is chosen for a person from their orders: the switch, and what it would be chosen from."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.behaviour import visit_consents
from components.foundation.languages.words import N_, _
from components.people.privacy import personal_switch
from components.recommendations import personal_history
from web.current_person import person_id_of
from web.forms.fields import Tick
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

HERE = "/account/for-you"


class PersonalSwitchForm(Form):
    wanted = Tick(N_("Show me things chosen from my orders"))


@dataclass(frozen=True, kw_only=True)
class PersonalPage(View):
    """`is_on`: the shop chooses for anybody. `keeps_visits`: of whoever agreed."""

    template: ClassVar[str] = "account/profile/personal/edit.html"
    form: PersonalSwitchForm
    is_on: bool
    is_wanted: bool
    keeps_visits: bool


class PersonalController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def edit(self, request: Request[Any, Any, Any]) -> Response[Any]:
        signed_in_as = visitor_of(request).signed_in
        is_wanted = signed_in_as is not None and signed_in_as.wants_personal
        view = PersonalPage(
            form=PersonalSwitchForm.blank(wanted=is_wanted),
            is_on=personal_history.is_on(),
            is_wanted=is_wanted,
            keeps_visits=visit_consents.keeps_visits(),
        )
        return page(request, view)

    @post()
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """What is not ticked is off."""
        form, person_id = await PersonalSwitchForm.read(request), person_id_of(request)
        if form.values.get("wanted"):
            await personal_switch.switch_on(person_id)
            return with_notice(see_other(HERE), _("Saved. We choose for you from now on."))
        await personal_switch.switch_off(person_id)
        return with_notice(see_other(HERE), _("Saved. Nothing is chosen for you any more."))
