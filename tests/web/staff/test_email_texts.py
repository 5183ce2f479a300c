"""Staff change what e-mails say: previewed with real data, tested, kept in versions, never lost, never a leak."""

import pytest

from components.foundation import clock, database, ids
from components.messaging import email_outbox, secret_placeholders
from components.messaging.tables import Email, EmailTextTrouble
from components.messaging.texts import starter_texts, text_editing
from components.messaging.texts.kinds import all_kinds
from tests.support import people
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop

TEXTS = "/staff/email-texts"
GIFT = f"{TEXTS}/gift"
CHANGED = f"{TEXTS}/email_changed"
SIGN_IN = f"{TEXTS}/sign_in"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def sent(kind: str, **fields: object) -> Email:
    """A real e-mail of this kind, made of its example."""
    mark = secret_placeholders.placeholder("code")
    given = all_kinds.by_slug(kind).samples()[0] | {"code": mark} | fields
    return await email_outbox.send(
        key=str(ids.new()), to="noor@kiln.test", template=kind, subject="Hello", fields=given,
        secrets={"code": "REAL-SECRET-CODE"},
    )  # fmt: skip


async def test_a_text_is_changed_sent_and_set_back(shop: Shop) -> None:
    """Listed, previewed with the latest real e-mail but not its secret, saved, sent, and the original again."""
    await people.owner()
    real = await sent("gift", name="Selma Silva", message="For <b>you</b> [x](https://evil.test)")
    iris = await shop.signed_in("iris@kiln.test")
    listed = await iris.get(TEXTS)
    assert all(kind.title in listed.words and kind.when in listed.words for kind in all_kinds.ALL.values())
    page = await iris.get(GIFT)
    assert "latest e-mail of this kind" in page.words and "Dear Selma Silva" in page.text
    assert (
        "REAL-SECRET-CODE" not in page.text
        and "123456" in page.text
        and "sha256-" in page.headers["content-security-policy"]
    )
    body = page.form(GIFT).given["body"] + "\n\nSee you soon at **{shop name}**"
    looked = await iris.post(GIFT, {**page.form(GIFT).given, "body": body, "look": "1"})
    assert "See you soon at Kiln" in looked.words and (await text_editing.state(all_kinds.by_slug("gift"))).number == 0
    saved = await iris.post(GIFT, {**page.form(GIFT).given, "body": body, "subject": "{giver} thought of you"})
    assert "Saved as version 1. It is sent from now on." in saved.alerts()
    made = await sent("gift", name="Selma", giver="Theo", message="For <b>you</b> [x](https://evil.test)")
    assert made.subject == "Theo thought of you" and "See you soon at Kiln" in made.text
    assert "&lt;b&gt;you&lt;/b&gt; [x](https://evil.test)" in made.html and 'href="https://evil' not in made.html
    assert "[[secret:code]]" in made.html and "Theo asked Kiln to send you this e-mail." in made.html, (
        "the layout says why, as before"
    )
    assert "Yours" in (await iris.get(TEXTS)).words
    gone = await iris.submit(await iris.get(GIFT), f"{GIFT}/original")
    assert "The original text is sent again" in gone.alerts()
    assert (await sent("gift")).subject == "Hello"
    old = await iris.get(f"{GIFT}/versions/1")
    assert "{giver} thought of you" in old.words and "Iris" in old.words
    again = await iris.submit(old, f"{GIFT}/versions/1")
    assert "Saved as version 3." in again.alerts() and (await sent("gift")).subject == "A. Customer thought of you"
    rows = await database.fetch("SELECT what FROM audit_entry WHERE subject LIKE 'e-mail%' ORDER BY at")
    assert [row["what"] for row in rows] == [
        "e-mail read", "e-mail text changed", "e-mail text set back to the original", "e-mail text changed",
    ]  # fmt: skip
    assert "REAL-SECRET" not in repr(await database.fetch("SELECT * FROM email_text_version")) and real.id


@every_cell(
    ("typed", "words"),
    [
        ({"body": "Hello {weather}"}, "There is no placeholder {weather}"),
        ({"body": "{if weather}Hello{end}"}, "There is no placeholder {if weather}"),
        ({"body": "{if name}Hello"}, "{if name} has no {end}."),
        ({"body": "Hello {end}"}, "There is {end} without an {if …}"),
        ({"body": "Hello"}, "{e-mail} is missing: The new address"),
        ({"body": "{if name}{e-mail}{end}"}, "{e-mail} (The new address) is sometimes left out"),
        ({"body": "{e-mail} <b>now</b>"}, "Write Markdown instead of HTML: “<b>”"),
        ({"body": "{e-mail} [x](javascript:alert(1))"}, "A link must begin with https://"),
        ({"body": "{e-mail} [x](//evil.test)"}, "A link must begin with https://"),
        ({"body": "{e-mail} ![x](https://evil.test/pixel.png)"}, "Pictures cannot be put into e-mails"),
        ({"body": "{e-mail} [](https://kiln.test)"}, "A link needs words"),
        ({"body": "{e-mail} [[secret:token]]"}, "never as [[…]]"),
        ({"body": "{e-mail} [\\[secret:token]]"}, "never as [[…]]"),
        ({"body": "{e-mail} [[sec{name}ret:token]]"}, "never as [[…]]"),
        ({"body": "{e-mail}" + "x" * 10_000}, "at most 10"),
        ({"body": ""}, "is required"),
        ({"subject": ""}, "is required"),
        ({"subject": "{shop address}"}, "{shop address} cannot be in the subject."),
        ({"subject": "{name}"}, "nothing would be left of the subject"),
        ({"subject": "x" * 300}, "more than 200 characters"),
    ],
)
async def test_what_cannot_be_saved_is_said_and_stays_typed(iris: Browser, typed: dict[str, str], words: str) -> None:
    given = {"subject": "Changed", "body": "It is now {e-mail}.", "based_on": "0", "data": "0"} | typed
    page = await iris.post(CHANGED, given)
    assert page.status == 422 and words in page.alerts()
    assert page.form(CHANGED).given["body"] == given["body"] and page.form(CHANGED).given["subject"] == given["subject"]
    assert await database.fetch_value("SELECT count(*) FROM email_text_version") == 0


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("sign_in", "{code} [Sign in](https://evil.test/?t={sign-in link})", "cannot be a part of a link"),
        ("sign_in", "[{code}](https://evil.test/{code}) {sign-in link}", "{code} cannot be a part of a link"),
        ("sign_in", "{code}", "{sign-in link} is missing"),
        ("order_confirmation", "Thanks, {order table} {order number} {order link}", "on a line of its own"),
        ("order_confirmation", "- {order table}\n\n{order number} {order link}", "on a line of its own"),
    ],
)
async def test_what_a_secret_or_a_table_may_not_do_is_said(shop: Shop, kind: str, body: str, words: str) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.post(f"{TEXTS}/{kind}", {"subject": "Hello", "body": body, "based_on": "0", "data": "0"})
    assert page.status == 422 and words in page.alerts()


async def test_of_two_who_write_at_once_neither_loses_a_word(shop: Shop) -> None:
    await people.owner()
    await people.staff("ruth@kiln.test", permissions=["content"])
    iris, ruth = await shop.signed_in("iris@kiln.test"), await shop.signed_in("ruth@kiln.test")
    kind = f"{TEXTS}/gift_refunded"
    form = (await ruth.get(kind)).form(kind).given
    await iris.post(kind, {**form, "subject": "Theirs {amount}"})
    page = await ruth.post(kind, {**form, "subject": "Mine {amount}"})
    assert page.status == 409 and "Both texts are below" in page.alerts() and "Theirs {amount}" in page.words
    assert page.form(kind).given["subject"] == "Mine {amount}"
    stale = await ruth.post(f"{kind}/original", {"based_on": "0"})
    assert "nothing was set back" in stale.alerts()
    saved = await ruth.submit(page, kind)
    assert "Saved as version 2." in saved.alerts()
    assert "Theirs {amount}" in (await ruth.get(f"{kind}/versions/1")).words


async def test_who_writes_content_changes_all_but_what_leads_into_accounts(shop: Shop) -> None:
    """Those are for owners. And without the permission to read e-mails nobody sees a customer's."""
    await people.staff(permissions=["orders"])
    await people.staff("ruth@kiln.test", permissions=["content"])
    await sent("gift", name="Selma Silva")
    sam, ruth = await shop.signed_in("sam@kiln.test"), await shop.signed_in("ruth@kiln.test")
    assert (await sam.get(TEXTS)).status == 403 and (await sam.post(GIFT)).status == 403
    assert "Only owners change these" in (await ruth.get(TEXTS)).words
    page = await ruth.get(GIFT)
    assert page.status == 200 and "made-up values" in page.words and "Selma Silva" not in page.text
    tried = await ruth.post(GIFT, {**page.form(GIFT).given, "data": "latest", "look": "1"})
    assert "Selma Silva" not in tried.text
    for path in (SIGN_IN, f"{TEXTS}/operator_invited"):
        text = starter_texts.beginning("sign_in")
        answers = [await ruth.get(path), await ruth.post(path, {"subject": text.subject, "body": text.body})]
        answers += [await ruth.post(f"{path}/original"), await ruth.get(f"{path}/versions/1")]
        assert [answer.status for answer in answers] == [403] * 4, path
    assert (await ruth.get(f"{TEXTS}/nothing")).status == 404


async def test_a_test_goes_to_oneself_with_examples_for_secrets(shop: Shop) -> None:
    iris_id = (await people.owner()).id
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get(SIGN_IN)
    tested = await iris.post(SIGN_IN, {**page.form(SIGN_IN).given, "subject": "Hi from {shop name}", "test": "1"})
    assert "the test to iris@kiln.test was only kept under E-mails" in tested.words
    assert tested.form(SIGN_IN).given["subject"] == "Hi from {shop name}", "what was typed stays"
    (made,) = await Email.objects().where(Email.person == iris_id)
    assert made.subject == "Test: Hi from Kiln" and "123456" in made.text and "[[secret" not in made.html
    assert await database.fetch_value("SELECT count(*) FROM email_text_version") == 0


async def test_staff_are_told_on_today_when_a_text_could_not_be_used(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    form = (await iris.get(CHANGED)).form(CHANGED).given
    await iris.post(CHANGED, {**form, "subject": "Ours"})
    await EmailTextTrouble.insert(
        EmailTextTrouble(id=ids.new(), kind="email_changed", number=1, words="It broke.", at=clock.now())
    )
    told = "e-mail could not use your text and was sent with the original one"
    assert told in (await iris.get("/staff")).words and "Not used" in (await iris.get(TEXTS)).words
    page = await iris.get(CHANGED)
    assert "yours could not be used. It broke." in page.words
    await iris.submit(page, CHANGED)
    assert told not in (await iris.get("/staff")).words and "Yours" in (await iris.get(TEXTS)).words
