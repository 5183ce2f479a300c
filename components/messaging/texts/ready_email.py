"""An e-mail as it is sent, in the language that is spoken: with the text that staff wrote, or the built-in one.

No text of staff's can keep an e-mail from being sent: when it cannot be used the built-in one is, and they are told.
Where a language has no text of its own that can be used, the English one is sent.
"""

from dataclasses import dataclass

import structlog

from components.foundation import clock, ids, json
from components.foundation.languages import language
from components.foundation.languages.catalogues import SOURCE
from components.messaging import rendering
from components.messaging.tables import EmailTextTrouble
from components.messaging.texts import edited_texts, starter_texts, text_check, written_email
from components.messaging.texts.edited_texts import EditedText
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.email_placeholders import Fields, Value
from components.messaging.texts.kinds import all_kinds
from components.messaging.texts.written_email import EmailText, WrittenEmail

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ReadyEmail:
    """`values` are what its placeholders stand for, without secrets; None where they could not be found."""

    subject: str
    html: str
    text: str
    values: dict[str, Value] | None
    language: str = language.STAFF


async def ready(template: str, subject: str, fields: Fields) -> ReadyEmail:
    """Raises Jinja's errors when the built-in text cannot be made."""
    kind = all_kinds.ALL.get(template)
    values = _values(kind, fields) if kind else None
    spoken = language.current()
    edited = edited_texts.current(template, spoken)
    if kind and edited:
        try:
            assert values is not None, "its placeholders could not be filled in"
            return await edited_email(kind, edited.text, values)
        except Exception as trouble:
            await _note(edited, trouble)
    if spoken == SOURCE:
        html, text = rendering.render(template, fields)
        return ReadyEmail(subject, html, text, values)
    return await _translated(template, values) or _in_english(template, subject, fields)


async def _translated(template: str, values: dict[str, Value] | None) -> ReadyEmail | None:
    """The built-in text in the language spoken; None where there is none that can be used."""
    kind, text = all_kinds.ALL.get(template), starter_texts.translated(template, language.current())
    if kind is None or text is None or values is None:
        log.warning("an e-mail was sent in English", kind=template, language=language.current())
        return None
    try:
        return await edited_email(kind, text, values)
    except Exception as trouble:
        log.warning("an e-mail was sent in English", kind=template, language=language.current(), trouble=repr(trouble))
        return None


def _in_english(template: str, subject: str, fields: Fields) -> ReadyEmail:
    """With sums and days as English writes them, in the subject too."""
    with language.speaking(SOURCE):
        kind = all_kinds.ALL.get(template)
        values = _values(kind, fields) if kind else None
        if kind and values:
            subject = written_email.subject_line(starter_texts.beginning(template).subject, values)
        html, text = rendering.render(template, fields)
    return ReadyEmail(subject, html, text, values)


async def edited_email(kind: EmailKind, text: EmailText, values: dict[str, Value]) -> ReadyEmail:
    """Raises an `UnusableEmailText`."""
    written = await written_email.prepared(kind, text, values)
    text_check.refuse_unsaid(kind, written.said, values)
    html, plain = rendered(kind, written, values)
    return ReadyEmail(written.subject, html, plain, values, language.current())


def rendered(kind: EmailKind, written: WrittenEmail, values: dict[str, Value]) -> tuple[str, str]:
    """Within the shop's layout, with the built-in sentence that says why somebody gets this e-mail."""
    return rendering.render_written(kind.slug, written, giver=str(values.get("giver", "")))


def _values(kind: EmailKind, fields: Fields) -> dict[str, Value] | None:
    try:
        return kind.values(fields)
    except Exception as trouble:
        log.warning("what an e-mail's placeholders stand for is unknown", kind=kind.slug, trouble=repr(trouble))
        return None


async def _note(edited: EditedText, trouble: Exception) -> None:
    """Once for each version: staff see it on Today until they save another."""
    words = (str(trouble) or type(trouble).__name__)[:300]
    kind, code, number = edited.kind, edited.language, edited.number
    log.warning("the built-in text of an e-mail was sent", kind=kind, language=code, version=number, trouble=words)
    row = EmailTextTrouble(id=ids.new(), kind=kind, language=code, number=number, words=words, at=clock.now())
    await EmailTextTrouble.insert(row).on_conflict(action="DO NOTHING")


def stored(values: dict[str, Value] | None) -> str | None:
    return None if values is None else json.dump(values)
