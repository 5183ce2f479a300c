"""Texts of staff's: never in the way of sending, never a leak, kept for ever, and heard by every process."""

import asyncio
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from components.foundation import clock, database, ids
from components.messaging import email_outbox, invariants
from components.messaging.emails import account_emails
from components.messaging.tables import Email, EmailTextTrouble, EmailTextVersion
from components.messaging.texts import edited_texts, text_editing, text_previews, written_email
from components.messaging.texts.email_kinds import EmailKind
from components.messaging.texts.kinds import all_kinds
from components.messaging.texts.text_editing import EmailTextChanged, EmailTextWrong
from components.messaging.texts.written_email import EmailText
from components.people.facts import PersonErased
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    edited_texts._Known.texts = {}


CHANGED = {"name": "Noor", "email": "new@kiln.test"}


async def changed(body: str, subject: str = "Ours") -> EmailKind:
    kind = all_kinds.by_slug("email_changed")
    number = (await text_editing.state(kind)).number
    await text_editing.save(kind, EmailText(subject, body), based_on=number, by=None)
    return kind


async def send(**fields: Any) -> Email:
    return await email_outbox.send(
        key=str(ids.new()), to="noor@kiln.test", template="email_changed", subject="Built in", fields=CHANGED | fields
    )


async def test_a_text_that_cannot_be_used_never_keeps_an_e_mail_from_being_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever is wrong: the built-in text is sent, and it is noted once."""
    kind = await changed("Now {e-mail}.")
    assert (await send()).subject == "Ours"
    with monkeypatch.context() as broken:
        broken.setattr(written_email, "write", lambda *_: 1 / 0)
        for _ in range(2):
            made = await send()
            assert made.subject == "Built in" and "new@kiln.test" in made.text
    (noted,) = await EmailTextTrouble.objects()
    assert (noted.kind, noted.number, noted.words) == ("email_changed", 1, "division by zero")
    assert (await text_editing.state(kind)).trouble == "division by zero"
    assert await text_editing.save(kind, EmailText("Ours", "Now {e-mail}."), based_on=1, by=None) == 2
    assert (await text_editing.state(kind)).trouble == "" and (await send()).subject == "Ours"


@pytest.mark.parametrize("body", ["Says nothing.", "{if name}", "{e-mail} [x](javascript:x)", "{e-mail}{end}"])
async def test_what_was_stored_and_is_wrong_now_is_not_sent(body: str) -> None:
    """Such as a version of before something had to be said: it never passed today's checks."""
    row = EmailTextVersion(
        id=ids.new(), kind="email_changed", number=1, subject="Ours", body=body, at=clock.now(), by=None
    )
    await EmailTextVersion.insert(row)
    await edited_texts.refresh()
    assert (await send()).subject == "Built in" and await EmailTextTrouble.count() == 1


async def test_what_a_customer_typed_is_never_markdown_html_or_a_secret() -> None:
    nasty = "**x** [a](https://evil.test) <img src=x> {name} {if name} [[secret:code]] qz1x\n# y"
    await changed("# Hello {name}\n\n[Look](https://shop.test/?of={name}) {e-mail} **{name}**")
    made = await send(name=nasty)
    words = made.html.partition('<div class="paper">')[2].partition("</div>")[0]
    assert "<img" not in words and words.count("<h1>") == 1
    assert re.findall('href="([^?]*)', words) == ["https://shop.test/"]
    assert "%5B%5Bsecret%3Acode%5D%5D" in words and "&lt;img src=x&gt;" in words and "{if name}" in words
    assert words.count("qz1x") == 3, "not taken for a mark of ours"
    assert "Hello **x** [a](https://evil.test) <img src=x>" in made.text


async def test_the_plain_text_says_all_that_the_html_says() -> None:
    text = """# Hello **{name}**

One line
and another: [the shop]({shop address}), <https://shop.test/x>.

- first
- second
  1. inner

| Address | {e-mail} |
|---|---|
| a | b |

> quoted

    code

---

[Press]({shop address})"""
    await changed(text)
    made = (await send()).text.partition("\n--\n")[0]
    address = shop_address()
    assert made.strip() == (
        f"Hello Noor\n\nOne line\nand another: the shop ({address}), https://shop.test/x.\n\n- first\n- second\n"
        f"  1. inner\n\nAddress: new@kiln.test\na: b\n\n> quoted\n\ncode\n\n--------\n\nPress: {address}"
    )


async def test_in_plain_text_an_address_stands_in_brackets_where_its_sentence_goes_on() -> None:
    text = "Before then [cancel]({shop address}): you keep it.\n\n[One]({shop address})\n[Two]({shop address})"
    await changed(f"{{e-mail}} {{name}}\n\n{text}")
    made, address = (await send()).text.partition("\n--\n")[0], shop_address()
    assert f"\n\nBefore then cancel ({address}): you keep it.\n\nOne: {address}\nTwo: {address}" in made


async def test_an_address_that_is_written_as_it_is_can_be_pressed() -> None:
    await changed("See {shop address} or [{shop address}]({shop address}) {e-mail}.\n\n{shop address}")
    words = (await send()).html.partition('<div class="paper">')[2].partition("</div>")[0]
    address = shop_address()
    assert re.findall('<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', words) == [(address, address)] * 3


def shop_address() -> str:
    return str(all_kinds.by_slug("gift").values(all_kinds.by_slug("gift").samples()[0])["shop address"])


async def test_every_process_hears_of_a_new_text(dsn: str) -> None:
    """As another process would: it is told, and reads it again."""
    heard: list[str] = []
    other = await asyncpg.connect(dsn)
    try:
        await other.add_listener(edited_texts.CHANNEL, lambda *said: heard.append(said[2]))
        await changed("Now {e-mail}.")
        for _ in range(50):
            if heard:
                break
            await asyncio.sleep(0.02)
    finally:
        await other.close()
    edited_texts._Known.texts = {}
    await edited_texts._heard("")
    assert heard and edited_texts.current("email_changed") is not None


async def test_versions_are_only_ever_added_and_follow_each_other() -> None:
    kind = await changed("Now {e-mail}.")
    with pytest.raises(EmailTextChanged):
        await text_editing.save(kind, EmailText("Late", "Now {e-mail}!"), based_on=0, by=None)
    with pytest.raises(EmailTextChanged):
        await text_editing.save(kind, EmailText("Early", "Now {e-mail}!"), based_on=7, by=None)
    with pytest.raises(EmailTextWrong):
        await text_editing.save(kind, EmailText("", ""), based_on=1, by=None)
    with pytest.raises(Exception, match="only ever added"):
        await EmailTextVersion.update({EmailTextVersion.body: "else"}, force=True)
    assert await invariants.invariants() == []
    await database.execute("INSERT INTO email_text_trouble VALUES ($1, 'gift', 4, 'x', now())", ids.new())
    assert await invariants.invariants() == [
        "E-mail text gift: version 4 could not be used, but there is no such version"
    ]


async def test_two_saves_at_the_same_moment_keep_one() -> None:
    kind = all_kinds.by_slug("email_changed")
    saves = [text_editing.save(kind, EmailText(f"S{n}", "{e-mail}"), based_on=0, by=None) for n in range(5)]
    outcomes = await asyncio.gather(*[asyncio.create_task(one) for one in saves], return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["EmailTextChanged"] * 4 + ["int"]


async def test_what_an_e_mail_said_is_gone_with_its_person() -> None:
    person = await people.newcomer("noor@kiln.test")
    await send()
    kind = all_kinds.by_slug("email_changed")
    assert (await text_previews.data(kind)).values["e-mail"] == "new@kiln.test"
    digest = hashlib.sha256(b"noor@kiln.test").hexdigest()
    await account_emails.erase_emails(PersonErased(person.id, digest))
    assert (await text_previews.data(kind)).of is None
