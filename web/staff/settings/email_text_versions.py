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
from web.staff.settings.email_text_languages import LIST, ChosenText, chosen
from web.staff.settings.email_text_pages import shown
from web.staff.settings.email_text_views import (
    EmailPreview,
    data_choices,
    email_text_page,
    named,
    preview,
)
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class EmailTextVersionPage(View):
    template: ClassVar[str] = "staff/settings/email_texts/version.html"
    kind: EmailKind
    chosen: ChosenText
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
        its = chosen(request, slug)
        known = await text_editing.version(its.kind, number, its.language)
        text = text_editing.text_of(its.kind, known, its.language)
        choices = await data_choices(request, its)
        view = EmailTextVersionPage(
            kind=its.kind,
            chosen=its,
            state=await text_editing.state(its.kind, its.language),
            version=known,
            by=(await named((known,)))[0][1],
            text=text,
            preview=await preview(request, its, text, choices[0][0]),
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
        its = chosen(request, slug)
        known = await text_editing.version(its.kind, number, its.language)
        based_on = (await EmailTextForm.read(request)).based_on
        how: dict[str, Any] = {"language": its.language, "based_on": based_on, "by": person_id_of(request)}
        back = see_other(its.address())
        try:
            if known.is_original:
                made = await text_editing.back_to_original(its.kind, **how)
            else:
                text = text_editing.text_of(its.kind, known, its.language)
                made = await text_editing.save(its.kind, text, **how)
        except EmailTextChanged:
            return with_refusal(back, "Someone else saved this e-mail meanwhile, so nothing was changed.")
        except EmailTextWrong:
            return await _opened(request, its, known)
        return with_notice(back, f"Saved as version {made}. It is sent from now on.")


async def _opened(request: Request[Any, Any, Any], its: ChosenText, known: PastEmailText) -> Response[Any]:
    choices, now = await data_choices(request, its), await text_editing.state(its.kind, its.language)
    text = text_editing.text_of(its.kind, known, its.language)
    form = filled(text, now.number, choices={"data": choices}, data=choices[0][0])
    await form.look_over(its)
    return shown(request, await email_text_page(request, its, form))
