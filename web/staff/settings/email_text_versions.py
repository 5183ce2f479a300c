"""Earlier texts of an e-mail: looked at, and used again."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.messaging.texts import text_editing
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.text_editing import EmailTextChanged, EmailTextState, EmailTextWrong, PastEmailText
from components.messaging.texts.written_email import EmailText
from web.current_person import person_id_of
from web.guards import staff
from web.looks import content_policy
from web.replies import see_other, with_notice, with_refusal
from web.staff.settings.email_text_forms import EmailTextForm, filled
from web.staff.settings.email_text_pages import shown
from web.staff.settings.email_text_views import (
    LIST,
    EmailPreview,
    data_choices,
    email_text_page,
    kind_for,
    named,
    preview,
)
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class EmailTextVersionPage(View):
    template: ClassVar[str] = "staff/settings/email_texts/version.html"
    kind: EmailKind
    state: EmailTextState
    version: PastEmailText
    by: str
    text: EmailText
    preview: EmailPreview


class EmailTextVersionsController(Controller):
    path = LIST
    guards = [staff("content")]

    @get("/{slug:str}/versions/{number:int}")
    async def version(
        self, request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
    ) -> Response[Any]:
        kind = kind_for(request, slug)
        known = await text_editing.version(kind, number)
        text = text_editing.text_of(kind, known)
        choices = await data_choices(request, kind)
        view = EmailTextVersionPage(
            kind=kind,
            state=await text_editing.state(kind),
            version=known,
            by=(await named((known,)))[0][1],
            text=text,
            preview=await preview(request, kind, text, choices[0][0]),
        )
        response = page(request, view)
        if view.preview.email:
            response.headers["Content-Security-Policy"] = content_policy.around(view.preview.email.html)
        return response

    @post("/{slug:str}/versions/{number:int}")
    async def restore(
        self, request: Request[Any, Any, Any], slug: FromPath[str], number: FromPath[int]
    ) -> Response[Any]:
        """The old text becomes a new version. One that can no longer be used is opened in the form instead."""
        kind = kind_for(request, slug)
        known = await text_editing.version(kind, number)
        based_on = (await EmailTextForm.read(request)).based_on
        back = see_other(f"{LIST}/{slug}")
        try:
            if known.is_original:
                made = await text_editing.back_to_original(kind, based_on=based_on, by=person_id_of(request))
            else:
                text = text_editing.text_of(kind, known)
                made = await text_editing.save(kind, text, based_on=based_on, by=person_id_of(request))
        except EmailTextChanged:
            return with_refusal(back, "Someone else saved this e-mail meanwhile, so nothing was changed.")
        except EmailTextWrong:
            return await _opened(request, kind, known)
        return with_notice(back, f"Saved as version {made}. It is sent from now on.")


async def _opened(request: Request[Any, Any, Any], kind: EmailKind, known: PastEmailText) -> Response[Any]:
    choices, now = await data_choices(request, kind), await text_editing.state(kind)
    text = text_editing.text_of(kind, known)
    form = filled(text, now.number, choices={"data": choices}, data=choices[0][0])
    await form.look_over(kind)
    return shown(request, await email_text_page(request, kind, form))
