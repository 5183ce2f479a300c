"""Staff accounts: invited, given permissions and removed by an owner."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.refusals import Refusal
from components.people import operators, sessions
from components.people.operators import OperatorView
from components.people.second_factor import second_factors
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.forms.fields import Choice, EmailField, Many
from web.forms.form import Form
from web.guards import owner
from web.replies import see_other, with_notice, with_refusal
from web.sign_in_session import address_of, sign_out, with_session
from web.views import View, page

LIST = "/staff/operators"
ROLES = (("staff", "Staff, with the permissions below"), ("owner", "Owner, with full access"))


class RoleForm(Form):
    role = Choice("Role", ROLES, as_radio=True)
    permissions = Many("Permissions", tuple(operators.PERMISSIONS.items()))


class InvitationForm(RoleForm):
    email = EmailField(
        "E-mail", autocomplete="off", help="We send the invitation here; they sign in with this address."
    )


@dataclass(frozen=True, kw_only=True)
class OperatorsPage(View):
    template: ClassVar[str] = "staff/system/operators/index.html"
    operators: tuple[tuple[OperatorView, str], ...]


@dataclass(frozen=True, kw_only=True)
class NewOperatorPage(View):
    template: ClassVar[str] = "staff/system/operators/new.html"
    form: InvitationForm


@dataclass(frozen=True, kw_only=True)
class EditOperatorPage(View):
    template: ClassVar[str] = "staff/system/operators/edit.html"
    form: RoleForm
    operator: OperatorView
    is_oneself: bool
    has_factor: bool
    is_last_owner: bool


class OperatorsController(Controller):
    path = LIST
    guards = [owner]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        every = await operators.all_operators()
        return page(request, OperatorsPage(operators=tuple((one, _permissions_in_words(one)) for one in every)))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, NewOperatorPage(form=InvitationForm.blank(role="staff")))

    @post(before_request=confirm_first)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await InvitationForm.read(request)
        if form.is_valid:
            try:
                person = await operators.invite(form.email, form.role, form.permissions, by=person_id_of(request))
                return with_notice(see_other(LIST), f"{person.email} now has staff access. We have e-mailed them.")
            except operators.AlreadyOperator as refusal:
                form.refuse("email", str(refusal))
        return page(request, NewOperatorPage(form=form), status=422)

    @get("/{person_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        operator = await operators.by_id(person_id)
        form = RoleForm.blank(role=operator.role, permissions=operator.permissions)
        return page(request, await _edit_page(request, operator, form))

    @post("/{person_id:uuid}", before_request=confirm_first)
    async def update(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        operator, form = await operators.by_id(person_id), await RoleForm.read(request)
        if form.is_valid:
            try:
                await operators.change(
                    person_id, role=form.role, permissions=form.permissions, by=person_id_of(request)
                )
            except operators.LastOwner as refusal:
                form.refuse("role", str(refusal))
        if not form.is_valid:
            return page(request, await _edit_page(request, operator, form), status=422)
        if person_id != person_id_of(request):
            return with_notice(see_other(LIST), "Saved. They need to sign in again to use the new role.")
        token = await sessions.start(
            person_id, agent=request.headers.get("user-agent", ""), address=address_of(request)
        )
        kept = with_session(see_other(LIST if form.role == "owner" else "/staff"), token)
        return with_notice(kept, "Your role has been changed and you are signed out on your other devices.")

    @post("/{person_id:uuid}/second-factor/reset", before_request=confirm_first)
    async def reset_second_factor(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        """For a colleague who has lost phone, keys and recovery codes."""
        operator = await operators.by_id(person_id)
        if person_id == person_id_of(request):
            return with_refusal(see_other(f"{LIST}/{person_id}"), "Change your own second factor in your account.")
        await second_factors.reset(person_id, by=person_id_of(request))
        words = f"{operator.email} has no second factor any more and is signed out. Check that it was them who asked."
        return with_notice(see_other(f"{LIST}/{person_id}"), words)

    @post("/{person_id:uuid}/removal", before_request=confirm_first)
    async def destroy(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        try:
            await operators.remove(person_id, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(see_other(f"{LIST}/{person_id}"), str(refusal))
        if person_id == person_id_of(request):
            return with_notice(sign_out(see_other("/")), "You no longer have staff access and are signed out.")
        return with_notice(see_other(LIST), "Staff access removed. They are signed out.")


async def _edit_page(request: Request[Any, Any, Any], operator: OperatorView, form: RoleForm) -> EditOperatorPage:
    return EditOperatorPage(
        form=form,
        operator=operator,
        is_oneself=operator.person_id == person_id_of(request),
        is_last_owner=await operators.is_last_owner(operator.role),
        has_factor=(await second_factors.held(operator.person_id)).is_any,
    )


def _permissions_in_words(operator: OperatorView) -> str:
    if operator.is_owner:
        return "Full access"
    return ", ".join(operators.PERMISSIONS[name] for name in operator.permissions) or "No permissions yet"
