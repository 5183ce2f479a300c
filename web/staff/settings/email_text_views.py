"""What the page of an e-mail's text shows: the preview with its data, the placeholders, and what was before."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Request

from components.foundation.languages import language
from components.messaging import mailbox
from components.messaging.texts import text_editing, text_previews
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.email_placeholders import PlaceholderType
from components.messaging.texts.ready_email import ReadyEmail
from components.messaging.texts.text_editing import EmailTextState, PastEmailText
from components.messaging.texts.text_previews import PreviewData
from components.messaging.texts.text_troubles import UnusableEmailText
from components.messaging.texts.written_email import EmailText
from components.people import operators
from web.current_person import person_id_of
from web.forms.fields import Choices
from web.staff.settings.email_text_forms import LATEST, EmailTextForm
from web.staff.settings.email_text_languages import ChosenText
from web.views import View, visitor_of

IN_WORDS = {
    PlaceholderType.LINK: "for a link, as in [words]({…})",
    PlaceholderType.CODE: "secret: only its recipient sees it",
    PlaceholderType.ROWS: "a table, on a line of its own",
    PlaceholderType.LIST: "a list, on a line of its own",
    PlaceholderType.LINKS: "a list of links, on a line of its own",
}


@dataclass(frozen=True, slots=True)
class PlaceholderRow:
    written: str
    meaning: str
    example: str
    note: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class EmailPreview:
    """`email` is None when the text cannot be shown; `trouble` says why. `source` is whose data it is with."""

    email: ReadyEmail | None
    trouble: str
    source: PreviewData
    is_real: bool


@dataclass(frozen=True, kw_only=True)
class EmailTextPage(View):
    """`theirs` is what somebody else saved meanwhile; `sent_to` the address a test has just gone to."""

    template: ClassVar[str] = "staff/settings/email_texts/edit.html"
    partial: ClassVar[str | None] = "staff/settings/email_texts/_preview.html"
    kind: EmailKind
    chosen: ChosenText
    form: EmailTextForm
    state: EmailTextState
    preview: EmailPreview
    may_see_customers: bool
    placeholders: tuple[PlaceholderRow, ...]
    conditions: tuple[PlaceholderRow, ...]
    versions: tuple[tuple[PastEmailText, str], ...]
    theirs: tuple[PastEmailText, str] | None
    sent_to: str
    can_send: bool


async def preview(request: Request[Any, Any, Any], chosen: ChosenText, text: EmailText, wanted: str) -> EmailPreview:
    """As recipients of this language see it. Reading what somebody was sent is in the audit log, as in the mailbox."""
    kind, source = chosen.kind, None
    if wanted == LATEST and may_see_customers(request):
        source = await text_previews.latest(kind, chosen.language)
    with language.speaking(chosen.language):
        if source is None or source.of is None:
            source = text_previews.sample(kind, int(wanted) if wanted.isdecimal() and len(wanted) < 4 else 0)
        else:
            await mailbox.email_read_by(person_id_of(request), source.of)
        try:
            made = await text_previews.shown(kind, text, source)
        except UnusableEmailText as trouble:
            return EmailPreview(None, str(trouble), source, source.of is not None)
    return EmailPreview(made, "", source, source.of is not None)


def may_see_customers(request: Request[Any, Any, Any]) -> bool:
    return visitor_of(request).may("emails")


async def data_choices(request: Request[Any, Any, Any], chosen: ChosenText) -> Choices:
    """The latest e-mail of this kind, if there is one that this member of staff may read; and made-up ones."""
    made_up = tuple((str(place), words) for place, words in enumerate(_cases(chosen.kind)))
    has_real = may_see_customers(request) and await text_previews.latest(chosen.kind, chosen.language) is not None
    return ((LATEST, "The latest real one"), *made_up) if has_real else made_up


def _cases(kind: EmailKind) -> tuple[str, ...]:
    """ "Example 2, without {tracking}": what differs from the usual case, as written in the list of placeholders."""
    usual, *others = (kind.values(fields) for fields in kind.samples())
    told = ["Example"]
    for number, values in enumerate(others, 2):
        more = [_written(name, value) for name, value in values.items() if value and not usual[name]]
        less = [_written(name, value) for name, value in usual.items() if value and not values[name]]
        differs = [f"{words} {', '.join(names)}" for words, names in (("with", more), ("without", less)) if names]
        told.append(f"Example {number}{', ' if differs else ''}{'; '.join(differs)}")
    return tuple(told)


def _written(name: str, value: Any) -> str:
    return f"{{if {name}}}" if isinstance(value, bool) else f"{{{name}}}"


def placeholder_rows(chosen: ChosenText, *, conditions: bool) -> tuple[PlaceholderRow, ...]:
    with language.speaking(chosen.language):
        examples = text_previews.examples(chosen.kind)
    return tuple(
        PlaceholderRow(
            f"{{if {one.name}}}" if conditions else f"{{{one.name}}}",
            one.meaning,
            examples.get(one.name, ""),
            IN_WORDS.get(one.type, "may be empty" if one.may_be_empty else ""),
            one.is_required,
        )
        for one in chosen.kind.placeholders.values()
        if (one.type is PlaceholderType.FLAG) is conditions
    )


async def named(past: tuple[PastEmailText, ...]) -> tuple[tuple[PastEmailText, str], ...]:
    """Each with who saved it."""
    names: dict[UUID, str] = {one.person_id: one.name or one.email for one in await operators.all_operators()}
    return tuple((one, names.get(one.by, "Former staff") if one.by else "Clubfront") for one in past)


async def email_text_page(
    request: Request[Any, Any, Any],
    chosen: ChosenText,
    form: EmailTextForm,
    *,
    sent_to: str = "",
    is_conflict: bool = False,
) -> EmailTextPage:
    kind, code = chosen.kind, chosen.language
    versions = await named(await text_editing.versions(kind, code))
    return EmailTextPage(
        kind=kind,
        chosen=chosen,
        form=form,
        state=await text_editing.state(kind, code),
        preview=await preview(request, chosen, form.text, form.field("data").typed),
        may_see_customers=may_see_customers(request),
        placeholders=placeholder_rows(chosen, conditions=False),
        conditions=placeholder_rows(chosen, conditions=True),
        versions=versions,
        theirs=versions[0] if is_conflict else None,
        sent_to=sent_to,
        can_send=mailbox.can_send(),
    )
