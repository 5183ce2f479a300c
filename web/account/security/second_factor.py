"""Passkeys of everybody; of staff also the app with codes and the recovery codes."""

import io
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import segno
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import settings
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.people import operators
from components.people.second_factor import (
    authenticator_app,
    factor_changes,
    passkey_challenges,
    passkeys,
    second_factors,
)
from components.people.second_factor.authenticator_app import AppSetup
from components.people.second_factor.passkeys import PasskeyView
from components.people.second_factor.second_factors import Held
from web.account.security.confirm_identity import confirm_first
from web.account.security.confirm_page import for_script
from web.current_person import person_id_of
from web.forms.fields import Text
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.sign_in_session import without_store
from web.views import View, page, visitor_of

HOME = "/account/security"


class AppForm(Form):
    code = Text(N_("Code"), longest=12, autocomplete="one-time-code", inputmode="numeric",
                help=N_("The six digits that the app shows now."))  # fmt: skip


class PasskeyForm(Form):
    name = Text(N_("Name"), longest=80, required=False, help=N_("So that you know it again, for example “My phone”."))
    credential = Text("Passkey", longest=20_000, required=False)
    challenge = Text("Challenge", longest=2_000, required=False)


@dataclass(frozen=True, kw_only=True)
class SecurityPage(View):
    template: ClassVar[str] = "account/security/second_factor/index.html"
    passkeys: tuple[PasskeyView, ...]
    form: PasskeyForm
    held: Held
    is_staff: bool
    is_required: bool
    has_passkeys_here: bool


@dataclass(frozen=True, kw_only=True)
class AppPage(View):
    template: ClassVar[str] = "account/security/second_factor/app.html"
    form: AppForm
    setup: AppSetup
    picture: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesPage(View):
    template: ClassVar[str] = "account/security/second_factor/recovery_codes.html"
    codes: tuple[str, ...]
    what: str
    email: str
    next: str


class SecurityController(Controller):
    path = HOME
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _shown(request, PasskeyForm.blank(), 200)

    @get("/app", before_request=confirm_first)
    async def new_app(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _app_page(request, AppForm.blank(), 200)

    @post("/app", before_request=confirm_first)
    async def create_app(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await AppForm.read(request)
        if not form.is_valid:
            return await _app_page(request, form, 422)
        try:
            await _staff_only(request)
            codes = await factor_changes.finish_app(person_id_of(request), form.code)
        except authenticator_app.WrongAppCode as refusal:
            return await _app_page(request, form.refuse("code", str(refusal)), 422)
        return _added(request, codes, _("Your app is set up."))

    @post("/app/removal", before_request=confirm_first)
    async def destroy_app(self, request: Request[Any, Any, Any]) -> Response[Any]:
        try:
            await factor_changes.remove_app(person_id_of(request))
        except factor_changes.LastSecondFactor as refusal:
            return with_refusal(see_other(HOME), str(refusal))
        return with_notice(see_other(HOME), _("The app is removed. Its codes no longer sign you in."))

    @post("/recovery-codes", before_request=confirm_first)
    async def renew_codes(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await _staff_only(request)
        codes = await factor_changes.renew_codes(person_id_of(request))
        return _added(request, codes, _("Your earlier recovery codes no longer work."))


class PasskeysController(Controller):
    path = f"{HOME}/passkeys"
    guards = [signed_in]

    @post("/options", before_request=confirm_first)
    async def options(self, request: Request[Any, Any, Any]) -> Response[Any]:
        visitor = visitor_of(request)
        return for_script(await passkeys.registration(person_id_of(request), email=visitor.email, name=visitor.name))

    @post(before_request=confirm_first)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await PasskeyForm.read(request)
        if not form.credential:
            return with_notice(see_other(HOME), _("Thank you. Now add the passkey."))
        try:
            if not form.is_valid:
                raise passkey_challenges.PasskeyRefused
            codes = await factor_changes.add_passkey(
                person_id_of(request), credential=form.credential, challenge=form.challenge, name=form.name
            )
        except passkey_challenges.PasskeyRefused as refusal:
            return await _shown(request, form.refuse(None, str(refusal)), 422)
        return _added(request, codes, _("Passkey added."))

    @post("/{passkey_id:uuid}/removal", before_request=confirm_first)
    async def destroy(self, request: Request[Any, Any, Any], passkey_id: FromPath[UUID]) -> Response[Any]:
        try:
            name = await factor_changes.remove_passkey(person_id_of(request), passkey_id)
        except factor_changes.LastSecondFactor as refusal:
            return with_refusal(see_other(HOME), str(refusal))
        return with_notice(
            see_other(HOME), _("“%(name)s” no longer signs you in. Delete it on the device, too.", name=name)
        )


class ForStaffOnly(Refusal):
    message = N_("Codes from an app are for staff. You can add a passkey instead.")
    status = 403


async def _staff_only(request: Request[Any, Any, Any]) -> None:
    if not await operators.includes(person_id_of(request)):
        raise ForStaffOnly


def _added(request: Request[Any, Any, Any], codes: tuple[str, ...], words: str) -> Response[Any]:
    """The only page that shows the codes: they are not stored, so no other page could."""
    if not codes:
        return with_notice(see_other(HOME), words)
    view = RecoveryCodesPage(codes=codes, what=words, email=visitor_of(request).email, next=HOME)
    return without_store(page(request, view, status=201))


async def _app_page(request: Request[Any, Any, Any], form: AppForm, status: int) -> Response[Any]:
    await _staff_only(request)
    setup = await authenticator_app.begin(person_id_of(request), email=visitor_of(request).email)
    return without_store(page(request, AppPage(form=form, setup=setup, picture=_picture(setup.address)), status=status))


def _picture(address: str) -> str:
    """The address as a QR code: SVG to put into the page, without styles or scripts."""
    out = io.BytesIO()
    made = segno.make(address, error="m")
    made.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, light="#fff", dark="#000")
    return out.getvalue().decode()


async def _shown(request: Request[Any, Any, Any], form: PasskeyForm, status: int) -> Response[Any]:
    person_id = person_id_of(request)
    view = SecurityPage(
        passkeys=await passkeys.all_of(person_id),
        form=form,
        held=await second_factors.held(person_id),
        is_staff=await operators.includes(person_id),
        is_required=settings.current().requires_second_factor,
        has_passkeys_here=passkey_challenges.are_possible(),
    )
    return without_store(page(request, view, status=status))
