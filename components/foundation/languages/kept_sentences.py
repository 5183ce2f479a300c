"""Sentences that the shop wrote into a row in English, said in the language spoken now.

    SENTENCES = KeptSentences(N_("Order %(number)s was not paid"))
    SENTENCES.said("Order 1001 was not paid")

A value whose name begins with `day` is a day ("3 May 2027", "03 May 2027"). What fits no sentence, such as what
staff wrote, is said as it is. In English, too: a day is written as everywhere else then.
"""

import contextlib
import re
from datetime import UTC, datetime

from components.foundation import formatting
from components.foundation.languages.words import _

_VALUE = re.compile(r"%\((\w+)\)s")
_DAYS = ("%d %B %Y", "%d %b %Y")


class KeptSentences:
    def __init__(self, *sentences: str) -> None:
        self._known = tuple((_recognised(one), one) for one in sentences)

    def said(self, words: str) -> str:
        for shape, sentence in self._known:
            if found := shape.fullmatch(words):
                return _(sentence, **{name: _value(name, value) for name, value in found.groupdict().items()})
        return words


def _recognised(sentence: str) -> re.Pattern[str]:
    parts = _VALUE.split(sentence)
    shape = (re.escape(part) if at % 2 == 0 else f"(?P<{part}>.+)" for at, part in enumerate(parts))
    return re.compile("".join(shape))


def _value(name: str, value: str) -> str:
    if not name.startswith("day"):
        return value
    for written in _DAYS:
        with contextlib.suppress(ValueError):
            return formatting.day(datetime.strptime(value, written).replace(hour=12, tzinfo=UTC))
    return value
