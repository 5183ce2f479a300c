"""What may be saved as the text of an e-mail: tried with every case that the kind has."""

import asyncio
import re
from collections.abc import Iterator

from components.foundation.languages import language
from components.foundation.writing import safe_markdown
from components.messaging.texts import conditions, written_email
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.email_placeholders import PlaceholderType, Value
from components.messaging.texts.text_troubles import NotSaid, UnusableEmailText
from components.messaging.texts.written_email import EmailText

LONGEST_SUBJECT, LONGEST_LINE, LONGEST_BODY = 500, 200, 10_000
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_TAGS = ("otherwise", "end")
_NOT_IN_SUBJECTS = (
    PlaceholderType.LINK,
    PlaceholderType.CODE,
    PlaceholderType.ROWS,
    PlaceholderType.LIST,
    PlaceholderType.LINKS,
)


async def found(kind: EmailKind, written: EmailText, code: str = language.STAFF) -> dict[str, str]:
    """What is wrong with `subject` and `body`, in words; found beside the pages, which takes up to a second.

    Tried with values in the language of this code.
    """
    with language.speaking(code):
        return await asyncio.to_thread(troubles, kind, written)


def troubles(kind: EmailKind, written: EmailText) -> dict[str, str]:
    """What is wrong with `subject` and `body`, in words; empty when it can be saved."""
    found = {}
    if words := _subject_trouble(kind, written.subject):
        found["subject"] = words
    if words := _body_trouble(kind, written.body):
        found["body"] = words
    return found


def cases(kind: EmailKind) -> Iterator[dict[str, Value]]:
    """The values of every case, each also without all that may be missing."""
    for fields in kind.samples():
        values = kind.values(fields)
        yield values
        yield values | {one.name: "" for one in kind.declared if one.may_be_empty}


def refuse_unsaid(kind: EmailKind, said: frozenset[str], values: dict[str, Value]) -> None:
    """Raises `NotSaid` when something the e-mail has to say is not said."""
    for one in kind.declared:
        if one.is_required and values.get(one.name) and one.name not in said:
            raise NotSaid(one.name)


def _subject_trouble(kind: EmailKind, subject: str) -> str:
    if not subject.strip():
        return "Write a subject."
    if len(subject) > LONGEST_SUBJECT:
        return f"Use at most {LONGEST_SUBJECT} characters."
    if words := _unknown(kind, subject):
        return words
    used = [kind.placeholders[name] for name in _named(subject)]
    if wrong := next((one for one in used if one.type in _NOT_IN_SUBJECTS), None):
        return f"{{{wrong.name}}} cannot be in the subject."
    try:
        lines = [written_email.subject_line(subject, values) for values in cases(kind)]
    except UnusableEmailText as trouble:
        return str(trouble)
    if not all(lines):
        return "In some cases nothing would be left of the subject."
    return "" if max(map(len, lines)) <= LONGEST_LINE else f"Filled in it has more than {LONGEST_LINE} characters."


def _body_trouble(kind: EmailKind, body: str) -> str:
    if not body.strip():
        return "Write what the e-mail says."
    if len(body) > LONGEST_BODY:
        return f"Use at most {LONGEST_BODY:,} characters; these are {len(body):,}."
    if safe_markdown.is_heavy(body):
        return "This has too many brackets, quotation marks or table cells."
    if words := _unknown(kind, body):
        return words
    if tag := safe_markdown.html_in(body):
        return f"Write Markdown instead of HTML: “{tag[:60]}” would be shown as it is."
    try:
        return _unsaid(kind, body)
    except UnusableEmailText as trouble:
        return str(trouble)


def _unsaid(kind: EmailKind, body: str) -> str:
    """Raises an `UnusableEmailText`."""
    for values in cases(kind):
        written = written_email.write(kind, EmailText("-", body), values)
        try:
            refuse_unsaid(kind, written.said, values)
        except NotSaid as trouble:
            return _missing(kind, str(trouble), is_there=str(trouble) in _named(body))
    return ""


def _missing(kind: EmailKind, name: str, *, is_there: bool) -> str:
    meaning = kind.placeholders[name].meaning
    if is_there:
        return f"{{{name}}} ({meaning}) is sometimes left out where it has to be said. Check the {{if …}} around it."
    return f"{{{name}}} is missing: {meaning}. This e-mail has to say it."


def _unknown(kind: EmailKind, text: str) -> str:
    known = kind.placeholders
    asked = conditions.names(text)
    wrong = [f"{{{name}}}" for name in _named(text) if name not in known]
    wrong += [f"{{if {name}}}" for name in asked if name not in known]
    if wrong:
        return f"There is no placeholder {', '.join(dict.fromkeys(wrong))} in this e-mail. The list names them all."
    for name in _named(text):
        if known[name].type is PlaceholderType.FLAG:
            return f"{{{name}}} is a condition: write {{if {name}}}…{{end}}."
    return ""


def _named(text: str) -> list[str]:
    """Everything in braces that is not a condition."""
    return [
        name.removesuffix("?")
        for name in _BRACES.findall(conditions.spelled_out(text))
        if name not in _TAGS and not name.startswith("if ")
    ]
