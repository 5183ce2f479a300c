"""E-mails in German: every kind a customer gets, in every case, with nothing of English left, and the English one when
the German one cannot be used."""

import itertools
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from components.foundation.languages import catalogues, language
from components.messaging.texts import conditions, edited_texts, ready_email, starter_texts, text_check
from components.messaging.texts.email_kinds import STAFF, EmailKind
from components.messaging.texts.kinds import all_kinds
from components.messaging.texts.ready_email import ReadyEmail

FOLDER = Path(__file__).parents[3] / "templates" / "emails"
KINDS = tuple(kind for kind in all_kinds.ALL.values() if kind.group != STAFF)
TRANSLATED = tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
NAMED = re.compile(r"\{(?!if |otherwise|end)([a-z][a-z -]*)\??\}")


@pytest.fixture(autouse=True)
def forget() -> Any:
    yield
    edited_texts._Known.texts = {}
    catalogues.forget()


def test_every_language_has_a_text_of_every_e_mail_to_customers_and_of_no_other() -> None:
    assert tuple(code for code in catalogues.codes() if code != "en") == TRANSLATED
    for code in TRANSLATED:
        assert {path.stem for path in (FOLDER / code).iterdir()} == {kind.slug for kind in KINDS}, code


def test_it_uses_the_same_placeholders_and_conditions_as_the_english_one() -> None:
    for code in TRANSLATED:
        for kind in KINDS:
            english, other = starter_texts.beginning(kind.slug), starter_texts.translated(kind.slug, code)
            assert other is not None
            for one, its in ((english.subject, other.subject), (english.body, other.body)):
                assert set(NAMED.findall(one)) == set(NAMED.findall(its)), (code, kind.slug)
                assert set(conditions.names(one)) == set(conditions.names(its)), (code, kind.slug)
            with language.speaking(code):
                assert text_check.troubles(kind, other) == {}, (code, kind.slug)


def test_no_placeholder_is_named_as_what_ends_a_condition_is() -> None:
    named = {(kind.slug, one.name) for kind in all_kinds.ALL.values() for one in kind.declared}
    assert not [one for one in named if conditions.without_tags(f"{{{one[1]}}}") == ""]


async def test_it_is_sent_in_every_case_with_no_english_sentence_left(db: None) -> None:
    for code in TRANSLATED:
        for kind in KINDS:
            for place in range(len(kind.samples())):
                english, other = await made(kind, place, "en"), await made(kind, place, code)
                assert other.language == code and f'<html lang="{code}' in other.html, (kind.slug, place)
                same = set(sentences(english)) & set(sentences(other))
                assert not same, (kind.slug, place, same)
                assert "{" not in other.subject + other.text and "qz" not in other.text, (kind.slug, place)


async def made(kind: EmailKind, place: int, code: str) -> ReadyEmail:
    """As the shop sends it."""
    with language.speaking(code):
        fields = kind.samples()[place]
        lines = fields.get("lines") or fields.get("order_table", ())[:-1]
        return await ready_email.ready(kind.slug, "Subject", fields | {"lines": lines, "sums": ()})


def sentences(made: ReadyEmail) -> Iterator[str]:
    """Parts of four words and more, from subject, HTML and plain text; what an address says is no word."""
    html = unescape(re.sub(r"<[^>]+>", "\n", made.html.partition("</style>")[2]))
    said = re.sub(r"\S*(?:://|\[\[|@)\S*", "", "\n".join((made.subject, html, made.text)))
    for line in re.split(r"[\n.:;?!]", said):
        words = re.findall(r"[^\W\d_]{2,}", line)
        if len(words) >= 4:
            yield " ".join(words)


async def test_without_a_german_text_that_can_be_used_the_english_one_is_sent(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also its subject and its days; and it is logged."""
    kind = all_kinds.by_slug("renewal_notice")
    for text in (None, starter_texts.beginning("identity_code")):
        monkeypatch.setattr(starter_texts, "translated", lambda slug, code, text=text: text)
        logged: list[str] = []
        monkeypatch.setattr(ready_email.log, "warning", lambda event, logged=logged, **more: logged.append(event))
        sent = await made(kind, 0, "de")
        assert logged == ["an e-mail was sent in English"]
        assert sent.language == "en" and '<html lang="en' in sent.html and "you don't need to do anything" in sent.text
        assert sent.subject.startswith("Your membership renews on ") and re.search(
            r" \d{1,2} [A-Z][a-z]+ \d{4}$", sent.subject
        )


async def test_a_language_of_the_data_folder_has_texts_of_its_own(db: None) -> None:
    """They are used before the built-in ones too."""
    from components.foundation.operations import own_templates

    own = own_templates.folder() / "emails" / "de" / "identity_code.md"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("Subject: Eigenes\n\nHier ist der Code: {code}\n", encoding="utf-8")
    await own_templates.read_again()
    try:
        sent = await made(all_kinds.by_slug("identity_code"), 0, "de")
        assert sent.subject == "Eigenes" and "Hier ist der Code: [[secret:code]]" in sent.text
    finally:
        own.unlink()
        await own_templates.read_again()


_ENDS = re.compile(r"(\{end\}|\{otherwise\}|\{if [^}]*\}|[.!?:…]\**|\|)$")
_BEGINS = re.compile(r"(\{(if|end|otherwise)|#|\||- |\[)")


def test_no_sentence_of_an_e_mail_breaks_off_within_a_line() -> None:
    """A line that goes on with the sentence before it is indented; any other begins a new line in the e-mail too."""
    wrong = []
    for path in sorted(FOLDER.rglob("*.md")):
        lines = path.read_text().splitlines()
        for before, line in itertools.pairwise(lines):
            goes_on = before.strip() and not _ENDS.search(before.strip()) and not before.startswith(("#", "|", "- "))
            if goes_on and not before.startswith("Subject:") and line.strip() and not line.startswith("  "):
                wrong += [] if _BEGINS.match(line) else [f"{path.name}: {line}"]
    assert wrong == []
