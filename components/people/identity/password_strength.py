"""Whether a password would be guessed: the commonest of breaches, the person's own words, and what zxcvbn finds out.

zxcvbn ships a list of 30,000 passwords, the commonest of those that were stolen somewhere. It is read when first
needed, and looks at the first characters only, and at few of the signs that stand for letters: otherwise it would think
for seconds.
"""

import asyncio
import re
from collections.abc import Iterable
from functools import cache

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings

SHORTEST, LONGEST = 8, 200
LOOKED_AT = 24
SIGNS_FOR_LETTERS = "4@8({[<69!1/|7$05+%2"
SIGNS_TRIED = 5
LEFT_OF_OWN = 4
ENOUGH = 2
"""zxcvbn's mark from 0 to 4: from 2 on it takes more than a million guesses."""


class WeakPassword(Refusal):
    message = N_("That password is too easy to guess. Please choose a longer one, for example four unrelated words.")


async def check(password: str, *, own_words: Iterable[str] = ()) -> None:
    """Raises `WeakPassword` with what is wrong. `own_words`: the person's e-mail and name."""
    if len(password) < SHORTEST:
        raise WeakPassword(_("Please use at least %(count)s characters.", count=SHORTEST))
    if len(password) > LONGEST:
        raise WeakPassword(_("Please use %(count)s characters at most.", count=LONGEST))
    words = _words([*own_words, shop_settings.current().shop_name])
    if problem := await asyncio.to_thread(_problem, password, words):
        raise WeakPassword(_(problem))


def _problem(password: str, words: list[str]) -> str | None:
    if password.lower() in _commonest():
        return N_("That is one of the most used passwords of all, and is tried first. Please choose another one.")
    if _mark(password) < ENOUGH:
        return WeakPassword.message
    if _is_own(password.lower(), words):
        return N_("That is mostly your own e-mail or name, or the name of the shop. Please choose something else.")
    return None


def _mark(password: str) -> int:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    return int(zxcvbn(_bounded(password[:LOOKED_AT]))["score"])


def _bounded(password: str) -> str:
    """zxcvbn tries each letter for each sign that may stand for one, in all combinations: five signs are enough."""
    signs = [sign for sign in dict.fromkeys(password) if sign in SIGNS_FOR_LETTERS]
    return password.translate({ord(sign): "." for sign in signs[SIGNS_TRIED:]})


def _is_own(password: str, words: list[str]) -> bool:
    """Whether hardly anything is left without the person's own words."""
    left = password
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    letters, digits = sum(sign.isalpha() for sign in left), sum(sign.isdigit() for sign in left)
    return left != password and letters < LEFT_OF_OWN and letters + digits < 2 * LEFT_OF_OWN


@cache
def _commonest() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

    return frozenset(FREQUENCY_LISTS["passwords"])


def _words(given: Iterable[str]) -> list[str]:
    """As they are, and each part of them: of an e-mail too."""
    found = [text.lower()[:100] for text in given if text]
    parts = (part for text in found for part in re.split(r"[^\w]+", text) if len(part) > 2)
    return list(dict.fromkeys([*found, *parts]))[:20]
