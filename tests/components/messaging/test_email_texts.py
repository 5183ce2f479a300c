"""What staff write for each kind of e-mail: checked, rendered safely, kept, and never in the way of sending."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from components.messaging import rendering
from components.messaging.texts import edited_texts, ready_email, starter_texts, text_check, text_editing, text_previews
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.kinds import all_kinds
from components.messaging.texts.written_email import EmailText

KINDS = tuple(all_kinds.ALL.values())
TELLING = re.compile(
    r"£[\d,.]*\d|\d{1,2} [A-Z][a-z]+ \d{4}|INV-\d+|S-\d{5}|https?://[^\s)]+|\[\[secret:\w+\]\]|ending in \d{4}"
)
"""Sums, days, numbers, addresses and codes."""
ALWAYS_GIVEN = {"name", "link", "attempt", "shop", "order", "lines", "sums", "total"}


def own(kind: EmailKind) -> EmailText:
    """The text it begins with, and a sentence more."""
    text = starter_texts.beginning(kind.slug)
    return EmailText(f"{text.subject}!", f"{text.body}\n\nWith best wishes from **{{shop name}}**.")


def words(html: str) -> str:
    """What the e-mail says within the layout."""
    shown = html.partition('<div class="paper">')[2].partition('<p class="soft foot">')[0]
    text = unescape(re.sub(r"<[^>]+>", " ", shown)).translate(str.maketrans("’‘“”", "''\"\""))
    return re.sub(r"\s+(?=[.,:?!])", "", " ".join(text.split()))


def told(text: str) -> set[str]:
    return {one.rstrip(".,") for one in TELLING.findall(text.partition("\n--\n")[0])}


@pytest.fixture(autouse=True)
def forget() -> Any:
    yield
    edited_texts._Known.texts = {}


def test_there_is_a_kind_for_every_built_in_e_mail_and_nothing_else() -> None:
    folder = Path(__file__).parents[3] / "templates" / "emails"
    for ending in ("html", "txt", "md"):
        framed = set() if ending == "md" else {"campaign"}  # a frame without words: staff write each campaign anew
        assert {path.stem for path in folder.glob(f"*.{ending}")} == set(all_kinds.ALL) | framed, ending
    grouped = [kind.slug for _, kinds in all_kinds.in_groups() for kind in kinds]
    assert sorted(grouped) == sorted(all_kinds.ALL)


def test_a_kind_declares_the_fields_that_its_built_in_text_shows() -> None:
    environment = rendering.environment()
    for kind in KINDS:
        used = set()
        for ending in ("html", "txt"):
            source = environment.loader.get_source(environment, f"emails/{kind.slug}.{ending}")[0]  # type: ignore[union-attr]
            used |= meta.find_undeclared_variables(environment.parse(source))
        declared = {one.field for one in kind.declared}
        assert used - declared <= ALWAYS_GIVEN, kind.slug
        assert declared - used <= ALWAYS_GIVEN | {"order_table", "is_all_credit", "for_you"}, kind.slug


async def test_every_beginning_says_the_same_as_the_built_in_text_in_every_case(db: None) -> None:
    """Word for word in HTML; in plain text the same sums, days, numbers, addresses and codes. No brace is left."""
    for kind in KINDS:
        for place, fields in enumerate(kind.samples()):
            lines = fields.get("lines") or fields.get("order_table", ())[:-1]
            html, text = rendering.render(kind.slug, fields | {"lines": lines, "sums": ()})
            made = await ready_email.edited_email(kind, starter_texts.beginning(kind.slug), kind.values(fields))
            assert words(made.html) == words(html), (kind.slug, place)
            assert told(made.text) == told(text), (kind.slug, place)
            for shown in (made.subject, made.text, made.html.partition("</style>")[2]):
                assert "{" not in shown and "qz" not in shown and made.subject, (kind.slug, place)


async def test_every_kind_is_checked_saved_shown_and_set_back(db: None) -> None:
    """Unchanged, changed, without what it must say, with what it cannot say, and back to the original."""
    for kind in KINDS:
        begun = starter_texts.beginning(kind.slug)
        assert await text_editing.save(kind, begun, based_on=0, by=None) == 0, kind.slug
        assert await text_editing.save(kind, own(kind), based_on=0, by=None) == 1, kind.slug
        shown = await text_previews.shown(kind, own(kind), await text_previews.data(kind))
        assert "best wishes" in shown.text and "<strong>Kiln</strong>" in shown.html, kind.slug
        for one in (one for one in kind.declared if one.is_required):
            gone = re.sub(
                rf"\{{{re.escape(one.name)}\??\}}", "https://x.test" if one.type == "address" else "…", begun.body
            )
            wrong = text_check.troubles(kind, EmailText(begun.subject, gone))
            assert f"{{{one.name}}}" in wrong["body"] and one.meaning in wrong["body"], (kind.slug, one.name)
        unknown = text_check.troubles(kind, EmailText("{weather}", begun.body + "{weather}"))
        assert all("no placeholder {weather}" in words for words in unknown.values()) and len(unknown) == 2
        assert await text_editing.back_to_original(kind, based_on=1, by=None) == 2
        assert (await text_editing.state(kind)).text == begun and edited_texts.current(kind.slug) is None
