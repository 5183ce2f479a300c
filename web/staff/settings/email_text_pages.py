"""The texts of the e-mails: listed, changed, previewed, sent to oneself, and set back to the original."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages import language
from components.messaging.texts import text_editing, text_previews
from components.messaging.texts.email_kinds import EmailGroup, EmailKind
from components.messaging.texts.kinds import all_kinds
from components.messaging.texts.text_editing import EmailTextChanged, EmailTextWrong
from components.people.rate_limits import TooManyTries
from web.current_person import person_id_of
from web.forms.sending import read_body
from web.guards import staff
from web.looks import content_policy
from web.replies import see_other, with_notice, with_refusal
from web.staff.settings.email_text_forms import EmailTextForm, filled
from web.staff.settings.email_text_languages import LIST, ChosenText, chosen, offered
from web.staff.settings.email_text_views import (
    EmailTextPage,
    data_choices,
    email_text_page,
    preview,
)
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class EmailTextsPage(View):
    """`changed`: of each kind the languages with a text of the shop's own, and what is wrong with it."""

    template: ClassVar[str] = "staff/settings/email_texts/index.html"
    groups: tuple[tuple[EmailGroup, tuple[EmailKind, ...]], ...]
    changed: dict[str, tuple[tuple[str, str], ...]]
    is_owner: bool


class EmailTextsController(Controller):
    path = LIST
    guards = [staff("content")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        view = EmailTextsPage(
            groups=all_kinds.in_groups(),
            changed=_by_kind(await text_editing.changed_kinds()),
            is_owner=visitor_of(request).may("owner"),
        )
        return page(request, view)

    @get("/{slug:str}")
    async def edit(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        its = chosen(request, slug)
        return shown(request, await email_text_page(request, its, await _as_it_is(request, its)))

    @post("/{slug:str}")
    async def update(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        """Save it; or, as the button says, only look at it or send it to oneself."""
        its = chosen(request, slug)
        form = await EmailTextForm.read(request, choices={"data": await data_choices(request, its)})
        await form.look_over(its)
        body = await read_body(request)
        if "look" in body or not form.is_valid:
            return shown(request, await email_text_page(request, its, form))
        if "test" in body:
            return await _send_test(request, its, form)
        return await _save(request, its, form)

    @post("/{slug:str}/original")
    async def original(self, request: Request[Any, Any, Any], slug: FromPath[str]) -> Response[Any]:
        its = chosen(request, slug)
        form = await EmailTextForm.read(request)
        back = see_other(its.address())
        try:
            await text_editing.back_to_original(
                its.kind, language=its.language, based_on=form.based_on, by=person_id_of(request)
            )
        except EmailTextChanged:
            return with_refusal(back, "Someone else saved this e-mail meanwhile, so nothing was set back.")
        return with_notice(back, "The original text is sent again. Yours is kept under Versions.")


def _by_kind(changed: dict[tuple[str, str], str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each kind the languages that have a text of the shop's own, by name, each with its trouble."""
    found = {
        kind.slug: tuple(
            (ChosenText(kind, code).name, changed[kind.slug, code])
            for code in offered(kind)
            if (kind.slug, code) in changed
        )
        for kind in all_kinds.ALL.values()
    }
    return {slug: own for slug, own in found.items() if own}


async def _as_it_is(request: Request[Any, Any, Any], its: ChosenText) -> EmailTextForm:
    now, choices = await text_editing.state(its.kind, its.language), await data_choices(request, its)
    return filled(now.text, now.number, choices={"data": choices}, data=choices[0][0])


async def _save(request: Request[Any, Any, Any], its: ChosenText, form: EmailTextForm) -> Response[Any]:
    try:
        number = await text_editing.save(
            its.kind, form.text, language=its.language, based_on=form.based_on, by=person_id_of(request)
        )
    except EmailTextWrong as refusal:
        for name, words in refusal.troubles.items():
            form.refuse(name, words)
        return shown(request, await email_text_page(request, its, form))
    except EmailTextChanged as refusal:
        form.refuse(None, str(refusal))
        newest = (await text_editing.state(its.kind, its.language)).number
        form.typed["based_on"] = [str(newest)]
        view = await email_text_page(request, its, form, is_conflict=newest > 0)
        return shown(request, view, status=refusal.status)
    words = f"Saved as version {number}. It is sent from now on." if number != form.based_on else "Nothing was changed."
    return with_notice(see_other(its.address()), words)


async def _send_test(request: Request[Any, Any, Any], its: ChosenText, form: EmailTextForm) -> Response[Any]:
    """The text as typed; it is not saved."""
    source = (await preview(request, its, form.text, form.data)).source
    try:
        with language.speaking(its.language):
            sent_to = await text_previews.send_to_oneself(its.kind, form.text, source, person_id=person_id_of(request))
    except TooManyTries as refusal:
        form.refuse(None, str(refusal))
        return shown(request, await email_text_page(request, its, form), status=refusal.status)
    return shown(request, await email_text_page(request, its, form, sent_to=sent_to))


def shown(request: Request[Any, Any, Any], view: EmailTextPage, *, status: int = 0) -> Response[Any]:
    response = page(request, view, status=status or (200 if view.form.is_valid else 422))
    if view.preview.email:
        response.headers["Content-Security-Policy"] = content_policy.around(view.preview.email.html)
    return response
