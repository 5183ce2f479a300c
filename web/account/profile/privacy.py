"""A person's own data: export and erasure."""

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.foundation.languages.words import N_, _
from components.people.privacy import data_export, erasure, erasure_wishes
from web.account.profile import data_export_zip
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.forms.fields import Tick
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.sign_in_session import sign_out
from web.views import View, page


class ErasureForm(Form):
    is_sure = Tick(N_("Yes, delete my account. I understand that this can’t be undone."))

    def check(self) -> None:
        if not self.values.get("is_sure"):
            self.refuse("is_sure", _("Tick the box to confirm."))


@dataclass(frozen=True, kw_only=True)
class PrivacyPage(View):
    """`is_starting`: it was confirmed, and the download begins by itself."""

    template: ClassVar[str] = "account/profile/privacy/show.html"
    is_starting: bool = False


@dataclass(frozen=True, kw_only=True)
class ErasurePage(View):
    template: ClassVar[str] = "account/profile/privacy/erasure.html"
    form: ErasureForm
    obstacles: tuple[str, ...]
    losses: tuple[str, ...] = ()
    is_waiting: bool = False
    waits_for: str = ""


async def _confirm_first(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """A file leaves the page of before in the browser, so that the way back is the page with the button."""
    asked = await confirm_first(request)
    return asked and see_other("/account/confirm?next=%2Faccount%2Fprivacy%3Fdownload%3Dyes")


class PrivacyController(Controller):
    path = "/account/privacy"
    guards = [signed_in]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, PrivacyPage(is_starting="download" in request.query_params))

    @get("/data.json", before_request=_confirm_first)
    async def download(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Everything the shop stores about the person, for programs."""
        found = await data_export.collected(person_id_of(request))
        return _file(await asyncio.to_thread(found.document), "my-data.json", "application/json")

    @get("/data.zip", before_request=_confirm_first)
    async def download_zip(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The same with a page to read and a table of each kind of record."""
        found = await data_export.collected(person_id_of(request))
        return _file(await asyncio.to_thread(data_export_zip.zipped, found), "my-data.zip", "application/zip")

    @get("/erasure")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _erasure_page(request, ErasureForm.blank())

    @post("/erasure", before_request=confirm_first)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id, form = person_id_of(request), await ErasureForm.read(request)
        if not form.is_valid:
            return await _erasure_page(request, form, status=422)
        try:
            waits_for = await erasure_wishes.make(person_id)
        except erasure.ErasureRefused as refusal:
            form.refuse(None, str(refusal))
            return await _erasure_page(request, form, status=422)
        if waits_for:
            return await _erasure_page(request, form, waits_for=waits_for)
        return with_notice(sign_out(see_other("/")), _("Your account has been deleted."))

    @post("/erasure/withdrawal")
    async def withdraw(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """They keep their account after all."""
        await erasure_wishes.withdraw(person_id_of(request))
        return with_notice(see_other("/account/privacy"), _("You keep your account."))


async def _erasure_page(
    request: Request[Any, Any, Any], form: ErasureForm, *, waits_for: str = "", status: int = 200
) -> Response[Any]:
    person_id = person_id_of(request)
    view = ErasurePage(
        form=form,
        obstacles=await erasure.obstacles(person_id),
        losses=await erasure_wishes.losses(person_id),
        is_waiting=await erasure_wishes.is_waiting(person_id),
        waits_for=waits_for or await erasure_wishes.waits_for(person_id),
    )
    return page(request, view, status=status)


def _file(content: bytes, name: str, media_type: str) -> Response[Any]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)
