"""Setting or changing a password. Every other browser is signed out."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import N_, _
from components.people import passwords, sessions
from components.people.identity import identity_checks
from components.people.rate_limits import TooManyTries
from web.account.security.confirm_identity import confirm_first
from web.account.sign_in.new_password import NewPassword
from web.current_person import person_id_of, session_of
from web.forms.fields import Password
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.sign_in_session import with_session
from web.views import View, page, visitor_of

RULE = N_("At least %(count)s characters; longer is better.")


class FirstPasswordForm(Form):
    password = NewPassword(N_("New password"), rule=RULE)


class PasswordForm(Form):
    present = Password(N_("Current password"), autocomplete="current-password")
    password = NewPassword(N_("New password"), rule=RULE)


@dataclass(frozen=True, kw_only=True)
class PasswordPage(View):
    template: ClassVar[str] = "account/sign_in/password/edit.html"
    form: FirstPasswordForm | PasswordForm
    asks_present: bool
    email: str


class PasswordController(Controller):
    path = "/account/password"
    guards = [signed_in]

    @get(before_request=confirm_first)
    async def edit(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return _shown(request, (await _form(request)).blank())

    @post(before_request=confirm_first)
    async def update(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id, token = person_id_of(request), session_of(request)
        form = await (await _form(request)).read(request)
        if not form.is_valid:
            return _shown(request, form, status=422)
        try:
            if isinstance(form, PasswordForm):
                await passwords.change(person_id, present=form.present, password=form.password, keeping=token)
            else:
                await passwords.set(person_id, form.password, keeping=token)
        except passwords.WrongPassword as refusal:
            return _shown(request, form.refuse("present", str(refusal)), status=422)
        except passwords.WeakPassword as refusal:
            return _shown(request, form.refuse("password", str(refusal)), status=422)
        except TooManyTries as refusal:
            response = _shown(request, form.refuse(None, str(refusal)), status=429)
            response.headers["Retry-After"] = str(refusal.retry_after)
            return response
        response = with_notice(see_other("/account/details"), _("Password saved. Other browsers have been signed out."))
        fresh = await sessions.rotate(token)
        return with_session(response, fresh) if fresh else response


async def _form(request: Request[Any, Any, Any]) -> type[FirstPasswordForm] | type[PasswordForm]:
    """Whoever came in by e-mail or passkey just now may have forgotten the current password: it is not asked for."""
    has_password = await passwords.is_set(person_id_of(request))
    if has_password and not await identity_checks.may_skip_present_password(session_of(request)):
        return PasswordForm
    return FirstPasswordForm


def _shown(request: Request[Any, Any, Any], form: FirstPasswordForm | PasswordForm, status: int = 200) -> Response[Any]:
    view = PasswordPage(form=form, asks_present=isinstance(form, PasswordForm), email=visitor_of(request).email)
    return page(request, view, status=status)
