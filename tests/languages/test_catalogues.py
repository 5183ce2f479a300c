"""Every word a customer reads is in the catalogues, and every catalogue says it."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from components.foundation.languages import catalogues, gathering
from tests.languages import unmarked, unmarked_code

SPOKEN = ("shop/", "account/", "setup/", "ui/", "errors/", "layouts/")
STAFF = ("layouts/staff.html", "layouts/_rail.html", "layouts/_preview.html")
NO_WORDS = frozenset({
    "on its way", "seat on hold", "part refunded", "Unfulfilled",  # what a view says of a state, compared
    "Georgia", "My Shop", "choice choice--card", "choice choice--swatch", "choices choices--inline", "%3Fjoin%3D",
})  # fmt: skip
NOT_SEEN = {
    "web/shop/brand_files.py": {"There is no such file."},  # to a program that asks for a picture
    "web/shop/checkout/checkout_form.py": {"Shown membership", "Shown country", "Saved card", "Shown total"},
    "web/shop/products/browsing.py": {"Search for"},
    "web/account/membership/savings.py": {"The refund failed"},
    "web/setup/stripe_key_form.py": {"Stripe key removed", "Stripe key set"},  # in the audit log
}
"""Labels of fields that are hidden, and states that are compared."""
PARTS = re.compile(r"…=|^button--")
"""Of a tag that is put together."""
_VALUES = re.compile(r"%\((\w+)\)[sd]|(%%)")
BUILT_IN = tuple(sorted(path.stem for path in catalogues.BUILT_IN.glob("*.po")))


@pytest.fixture(scope="module")
def said() -> Catalog:
    return gathering.said()


@pytest.mark.parametrize("code", BUILT_IN)
def test_a_catalogue_says_every_message_and_no_other(code: str, said: Catalog) -> None:
    known = catalogues.read(catalogues.BUILT_IN / f"{code}.po", code)
    wanted, given = {_key(each) for each in said if each.id}, {_key(each) for each in known if each.id}
    assert not wanted - given, "run `make words`, then translate them"
    assert not given - wanted, "run `make words`: nobody says these any more"
    assert not [each.id for each in known if each.id and not all(_all(each.string))], "without words"
    assert not [each.id for each in known if each.id and each.fuzzy]
    assert not [each.id for each in known if each.id and not _values_agree(each)], "other values"


@pytest.mark.parametrize("code", BUILT_IN)
def test_gathering_the_words_again_changes_nothing(code: str, said: Catalog) -> None:
    """`make words` on what `make words` has written: whoever adds a sentence changes the lines of that sentence."""
    path = catalogues.BUILT_IN / f"{code}.po"
    assert gathering.gathered(path, said) == path.read_bytes(), "run `make words` and commit what it writes"


def test_code_that_moves_within_its_file_changes_no_catalogue() -> None:
    lines = [("web/b.py", "Basket"), ("web/a.py", "Cancel"), ("web/a.py", "Account"), ("web/b.py", "Account")]
    orders = [gathering.ordered(_catalog(each)) for each in (lines, lines[::-1])]
    assert [[each.id for each in order if each.id] for order in orders] == [["Cancel", "Account", "Basket"]] * 2
    assert all(order["Account"].locations == [("web/a.py", 0), ("web/b.py", 0)] for order in orders)


def _catalog(lines: list[tuple[str, str]]) -> Catalog:
    made = Catalog()
    for path, words in lines:
        made.add(words, None, [(path, 0)])
    return made


def _key(message: Message) -> tuple[str, str | None]:
    return (_all(message.id)[0], message.context)


def _all(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _values_agree(message: Message) -> bool:
    """A form for one thing may leave its number out."""
    wanted = set().union(*(_values(words) for words in _all(message.id)))
    given = [_values(words) for words in _all(message.string)]
    return all(wanted - {"num", "count"} <= each <= wanted for each in given) and set().union(*given) == wanted


def _values(words: str) -> set[str]:
    return {name for name, _ in _VALUES.findall(words) if name}


def test_no_words_of_a_template_are_unmarked() -> None:
    names = sorted(path.relative_to(unmarked.TEMPLATES).as_posix() for path in unmarked.TEMPLATES.rglob("*.html"))
    looked_at = [name for name in names if name.startswith(SPOKEN) and name not in STAFF]
    assert len(looked_at) > 100
    found = [(name, words) for name in looked_at for words in unmarked.words(name)]
    said = [f"{name}: {words}" for name, words in found if words.strip('"') not in NO_WORDS and not PARTS.search(words)]
    assert not said, "\n".join(["", *said])


def test_no_sentence_of_the_shop_s_code_is_unmarked() -> None:
    root, found = unmarked.TEMPLATES.parent, []
    for folder in ("web/shop", "web/account", "web/entry", "web/setup"):
        for path in sorted((root / folder).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            for line, words in unmarked_code.in_module(path, only_refusals=False):
                if words not in NOT_SEEN.get(name, ()):
                    found.append(f"{name}:{line}: {words}")
    assert not found, "\n".join(["", *found])


def test_words_that_are_not_marked_would_be_found(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    marked = '{{ _("Marked") }}{% trans a=b %}Also {{ a }}{% endtrans %}'
    (tmp_path / "page.html").write_text(f'<p title="Some help">{marked} {{{{ "Bare words" if x }}}} left</p>')
    monkeypatch.setattr(unmarked, "TEMPLATES", tmp_path)
    assert list(unmarked.words("page.html")) == ['"Bare words"', "Some help", "… … left"]
