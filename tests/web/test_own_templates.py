"""A file in the data folder replaces a template; one that is broken is passed over, and owners are told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components.foundation.operations import own_template_check, own_templates
from components.messaging import rendering
from tests.support import make_products, people
from tests.support.shops import Shop

FOOT = "layouts/_footer.html"
Write = Callable[[str, str], None]


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Write]:
    """Puts an own template into the folder; read again once it is asked for."""
    monkeypatch.setattr(own_templates, "folder", lambda: tmp_path / "templates")

    def put(name: str, text: str) -> None:
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    yield put
    own_templates._Read.version += 1
    own_templates._troubles.clear()


async def test_an_own_template_is_used_once_the_folder_was_read_in_kept_pages_too(shop: Shop, write: Write) -> None:
    await people.owner()
    await make_products.product()
    await shop.refresh()
    iris, guest = await shop.signed_in("iris@kiln.test"), shop.browser()
    assert "Powered by" in (await guest.get("/products")).words
    write(FOOT, "<footer><p>Our own foot of {{ shop.name }} & co</p></footer>")
    write("shop/products/_shelf.html", "<p>Own shelf of {{ cards|length }}</p>")
    write("emails/test_email.txt", "Own words for {{ name }}")
    assert "Powered by" in (await guest.get("/products")).words, "not before the folder is read"
    read = await iris.submit(await iris.get("/staff/settings/templates"), "/staff/settings/templates/reading")
    assert FOOT in read.words and "In use" in read.words and "Error" not in read.words
    for path in ("/products", "/", "/journal"):
        assert "Our own foot of Kiln & co" in (await guest.get(path)).words, path
    assert "Own shelf of 1" in (await guest.get("/products")).words
    assert rendering.render("test_email", {"name": "Noor", "sender": "x"})[1] == "Own words for Noor\n"


@pytest.mark.parametrize(
    "text",
    [
        "{% if %}",
        "{{ nothing_such }}",
        "{{ shop.nothing_such.more }}",
        "{% include 'no/such.html' %}",
        "{% extends 'layouts/_footer.html' %}",
        "{{ 1 / 0 }}",
        "{{ visitor() }}",
    ],
)
async def test_a_broken_one_is_passed_over_and_owners_are_told(shop: Shop, write: Write, text: str) -> None:
    await people.owner()
    iris, guest = await shop.signed_in("iris@kiln.test"), shop.browser()
    write(FOOT, text)
    await iris.post("/staff/settings/templates/reading")
    page = await guest.get("/journal")
    assert page.status == 200 and "Powered by Clubfront" in page.words
    assert "An own template has an error" not in page.words
    assert "An own template has an error" in (await iris.get("/staff")).words
    listed = (await iris.get("/staff/settings/templates")).words
    assert FOOT in listed and "Error" in listed


def test_an_e_mail_in_another_language_is_in_use_and_one_of_no_kind_is_not(write: Write) -> None:
    for name in ("emails/fr/sign_in.md", "emails/fr/nothing_such.md", "emails/sign_in.md"):
        write(name, "Subject: Bonjour\n\nBonjour")
    used = {one.name: one.replaces for one in own_templates.all_own()}
    assert used == {"emails/fr/sign_in.md": True, "emails/fr/nothing_such.md": False, "emails/sign_in.md": True}


async def test_one_that_is_not_text_is_passed_over(shop: Shop, write: Write, tmp_path: Path) -> None:
    write(FOOT, "")
    (tmp_path / "templates" / FOOT).write_bytes(b"\xff\xfe\x00")
    await own_templates.read_again()
    assert "Powered by Clubfront" in (await shop.browser().get("/journal")).words


async def test_doctor_names_those_that_cannot_be_read(shop: Shop, write: Write) -> None:
    assert [one async for one in own_template_check.examine()] == []
    write(FOOT, "<p>{{ shop.name }}</p>{% trans %}Own{% endtrans %}")
    (good,) = [one async for one in own_template_check.examine()]
    assert good.is_well and good.words.startswith("1 of your own")
    write("emails/sign_in.txt", "one\n{% if %}")
    (bad,) = [one async for one in own_template_check.examine()]
    assert not bad.is_well and "emails/sign_in.txt" in bad.words and "line 2" in bad.words
