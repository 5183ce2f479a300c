"""Saving the text of an e-mail, going back to the original, and what it was before. Every save is kept.

Each language of a kind has a text and versions of its own; `language` is its code.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.languages.catalogues import SOURCE
from components.foundation.refusals import Conflict, NotFound, Refusal
from components.messaging.tables import EmailTextTrouble, EmailTextVersion
from components.messaging.texts import edited_texts, starter_texts, text_check
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.written_email import EmailText

MOST_SHOWN = 200


class EmailTextWrong(Refusal):
    """`troubles` are sentences for subject and body."""

    def __init__(self, troubles: dict[str, str]) -> None:
        self.troubles = troubles
        super().__init__(" ".join(troubles.values()))


class EmailTextChanged(Conflict):
    message = (
        "This e-mail was saved meanwhile, by somebody else or in another window. Both texts are below; nothing was "
        "saved now."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailTextState:
    """`number` is 0 before anybody has changed it. `trouble` says why the built-in text was sent instead."""

    number: int
    text: EmailText
    is_original: bool
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEmailText:
    """One save. An original has no text of its own."""

    number: int
    subject: str
    body: str
    is_original: bool
    at: datetime
    by: UUID | None


async def state(kind: EmailKind, language: str = SOURCE) -> EmailTextState:
    """What is sent now, from the database."""
    latest = (await versions(kind, language, most=1)) or (None,)
    return await _state_of(kind, language, latest[0])


async def save(kind: EmailKind, text: EmailText, *, language: str = SOURCE, based_on: int, by: UUID | None) -> int:
    """Every e-mail of this kind and language says this from now on. The number of the version.

    It is the latest where nothing differs. `based_on` is the version that was edited. Raises `EmailTextWrong`,
    `EmailTextChanged`.
    """
    text = EmailText(" ".join(text.subject.split()), text.body.replace("\r\n", "\n").strip())
    if wrong := await text_check.found(kind, text, language):
        raise EmailTextWrong(wrong)
    now = await state(kind, language)
    if now.number == based_on and now.text == text and not now.trouble:
        return now.number
    return await _keep(kind, language, text, based_on=based_on, by=by, words="e-mail text changed")


async def back_to_original(kind: EmailKind, *, language: str = SOURCE, based_on: int, by: UUID | None) -> int:
    """The built-in text is sent again; what was written stays among the versions. Raises `EmailTextChanged`."""
    now = await state(kind, language)
    if now.is_original and now.number == based_on:
        return now.number
    words = "e-mail text set back to the original"
    return await _keep(kind, language, None, based_on=based_on, by=by, words=words)


async def versions(kind: EmailKind, language: str = SOURCE, *, most: int = MOST_SHOWN) -> tuple[PastEmailText, ...]:
    """Newest first."""
    one = EmailTextVersion
    rows = one.select(one.number, one.subject, one.body, one.is_original, one.at, one.by)
    rows = rows.where(one.kind == kind.slug, one.language == language)
    found = await rows.order_by(one.number, ascending=False).limit(most)
    return tuple(PastEmailText(**row) for row in found)


async def version(kind: EmailKind, number: int, language: str = SOURCE) -> PastEmailText:
    """Raises `NotFound`."""
    found = next((one for one in await versions(kind, language) if one.number == number), None)
    if found is None:
        raise NotFound("There is no such version.")
    return found


async def changed_kinds() -> dict[tuple[str, str], str]:
    """The kinds and languages whose text is staff's own, with the trouble there is with it ("" for none)."""
    one = EmailTextTrouble
    rows = await one.select(one.kind, one.language, one.number, one.words)
    words = {(row["kind"], row["language"], row["number"]): row["words"] for row in rows}
    await edited_texts.refresh()
    current = edited_texts.all_current()
    return {(own.kind, own.language): words.get((own.kind, own.language, own.number), "") for own in current}


def text_of(kind: EmailKind, past: PastEmailText, language: str = SOURCE) -> EmailText:
    return starter_texts.beginning(kind.slug, language) if past.is_original else EmailText(past.subject, past.body)


async def _state_of(kind: EmailKind, language: str, latest: PastEmailText | None) -> EmailTextState:
    if latest is None or latest.is_original:
        number = latest.number if latest else 0
        text = starter_texts.beginning(kind.slug, language)
        return EmailTextState(number=number, text=text, is_original=True, trouble="")
    one = EmailTextTrouble
    is_its = (one.kind == kind.slug) & (one.language == language) & (one.number == latest.number)
    noted = await one.select(one.words).where(is_its).first()
    return EmailTextState(
        number=latest.number,
        text=EmailText(latest.subject, latest.body),
        is_original=False,
        trouble=noted["words"] if noted else "",
    )


async def _keep(
    kind: EmailKind, language: str, text: EmailText | None, *, based_on: int, by: UUID | None, words: str
) -> int:
    """Only after the version it was based on: of two that follow the same one, the first is kept."""
    number = based_on + 1
    async with database.transaction():
        made = EmailTextVersion(
            id=ids.new(), kind=kind.slug, number=number, subject=text.subject if text else "",
            body=text.body if text else "", is_original=text is None, at=clock.now(), by=by,
            language=language,
        )  # fmt: skip
        is_its = (EmailTextVersion.kind == kind.slug) & (EmailTextVersion.language == language)
        follows = await EmailTextVersion.count().where(is_its) == based_on
        kept = EmailTextVersion.insert(made).on_conflict(action="DO NOTHING").returning(EmailTextVersion.id)
        if not follows or not await kept:
            raise EmailTextChanged
        after = {"kind": kind.slug, "language": language, "version": number}
        await audit.record(by, words, "e-mail text", made.id, after=after)
    await edited_texts.refresh()
    return number
