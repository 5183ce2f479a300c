"""Every word a customer reads is in the catalogues, and every catalogue says it."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from components.foundation.languages import catalogues, gathering
from tests.languages import unmarked

SPOKEN = ("shop/", "account/", "ui/", "errors/", "layouts/")
STAFF = ("layouts/staff.html", "layouts/_rail.html", "layouts/_preview.html")
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
    found = [f"{name}: {words}" for name in looked_at for words in unmarked.words(name)]
    assert not found, "\n".join(["", *found])


def test_words_that_are_not_marked_would_be_found(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    marked = '{{ _("Marked") }}{% trans a=b %}Also {{ a }}{% endtrans %}'
    (tmp_path / "page.html").write_text(f'<p title="Some help">{marked} {{{{ "Bare words" if x }}}} left</p>')
    monkeypatch.setattr(unmarked, "TEMPLATES", tmp_path)
    assert list(unmarked.words("page.html")) == ['"Bare words"', "Some help", "… … left"]
