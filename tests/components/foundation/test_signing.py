"""What was signed by this shop for one purpose is known again; nothing else is."""

from dataclasses import dataclass, replace

import pytest

from components.foundation import settings
from components.foundation.secrecy import signing
from tests.support.cells import every_cell


@dataclass(frozen=True)
class Wish:
    words: str
    count: int


WISH = Wish("As a member, at nine", 3)


def test_what_was_sealed_is_opened_as_it_was() -> None:
    cookie = signing.sealed(WISH, purpose="wish")
    assert signing.opened(cookie, Wish, purpose="wish") == WISH
    assert set(cookie) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."), "fits a cookie"


def test_every_letter_counts() -> None:
    cookie = signing.sealed(WISH, purpose="wish")
    body, _, mark = cookie.rpartition(".")
    for place in range(len(body)):
        other = "A" if body[place] != "A" else "B"
        assert signing.opened(f"{body[:place]}{other}{body[place + 1 :]}.{mark}", Wish, purpose="wish") is None
    assert signing.opened(f"{body}.{'A' if mark[0] != 'A' else 'B'}{mark[1:]}", Wish, purpose="wish") is None


@every_cell("written", ["", ".", "nonsense", "e30.", ".e30", "é.ü", "a.b.c", "\x00", "=" * 50])
def test_what_was_never_sealed_opens_nothing(written: str) -> None:
    assert signing.opened(written, Wish, purpose="wish") is None
    assert not signing.is_signature(written, "a seat", purpose="seat")


def test_what_is_sealed_for_one_purpose_is_worth_nothing_to_another() -> None:
    cookie = signing.sealed(WISH, purpose="wish")
    assert signing.opened(cookie, Wish, purpose="flash") is None
    assert signing.opened(cookie, int, purpose="wish") is None, "nor read as something else"
    mark = signing.signature("a seat", purpose="seat")
    assert len(mark) == 43 and signing.is_signature(mark, "a seat", purpose="seat")
    assert not signing.is_signature(mark, "a seat", purpose="code")
    assert not signing.is_signature(mark, "another", purpose="seat")


def test_another_shop_does_not_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie, mark = signing.sealed(WISH, purpose="wish"), signing.signature("a seat", purpose="seat")
    other = replace(settings.current(), secret_key="another secret")
    monkeypatch.setattr(settings, "current", lambda: other)
    assert signing.opened(cookie, Wish, purpose="wish") is None
    assert not signing.is_signature(mark, "a seat", purpose="seat")
