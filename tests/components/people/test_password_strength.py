"""Passwords that would be guessed are refused, and looking at one takes no longer than hashing it."""

import time

import pytest

from components.people import passwords
from components.people.identity import password_strength
from components.people.identity.password_strength import WeakPassword
from tests.support import people

OWN = ("noor@kiln.test", "Noor Haddad")
TAKEN = (
    "kiln-demo", "clay-and-ash", "tr0ub4dor&3-at-home", "ein langer satz ohne sinn", "12 enormous teapots",
    "é" * 9 + "ok4zw",
)  # fmt: skip
REFUSED = {
    "used": [
        "football1", "dragon123", "master123", "monkey12", "qwerty12", "Password12", "1234567a", "password123",
        "PASSWORD",
    ],
    "easy": ["abcdefgh", "kilnkiln", "aaaaaaaaaa", "abababab", "qwertyuiopasdf"],
    "own": ["noor@kiln.test", "NOOR@KILN.TEST", "haddad2024", "Noor.Haddad1", "noorkiln99"],
    "characters": ["short", "x" * 201],
}  # fmt: skip
WORDS = {"used": "most used", "easy": "too easy", "own": "your own e-mail or name", "characters": "characters"}


async def test_what_is_refused_and_in_which_words_and_what_is_taken() -> None:
    for kind, refused in REFUSED.items():
        for password in refused:
            with pytest.raises(WeakPassword) as refusal:
                await password_strength.check(password, own_words=OWN)
            assert WORDS[kind] in str(refusal.value), (password, str(refusal.value))
    for password in TAKEN:
        await password_strength.check(password, own_words=OWN)


async def test_the_persons_own_words_count_when_the_password_is_changed_too(db: None) -> None:
    noor = await people.customer()
    with pytest.raises(WeakPassword, match="your own e-mail"):
        await passwords.set(noor.id, "noor@kiln.test")


def test_no_password_keeps_the_shop_busy() -> None:
    """Texts for which zxcvbn alone thinks for seconds."""
    password_strength._problem("warm-up-please", [])
    for slow in ("4@8({[<69!1/|7$05+%2" * 10, "4@8(1!|7$05+%2({[<69", "1l!|7+t$5s0o" * 16, "19" * 100, "a" * 200):
        began = time.perf_counter()
        password_strength._problem(slow, ["noor"])
        assert time.perf_counter() - began < 1.5, slow
