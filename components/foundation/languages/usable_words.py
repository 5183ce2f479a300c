"""What cannot be said is taken out of a catalogue, and said in other words: a page never fails for its translation."""

import re
from datetime import UTC, datetime

from babel.dates import format_datetime
from babel.messages.catalog import Catalog, Message

DATES = "date"
"""The context of messages that are patterns of dates."""
_VALUE = re.compile(r"%\((\w+)\)s|%%")
_INSTANTS = (datetime(2027, 3, 1, tzinfo=UTC), datetime(2028, 10, 14, 15, 36, tzinfo=UTC))
"""Without a part in common: a pattern that is one writes two things."""


def take_out_unusable(catalog: Catalog) -> list[str]:
    """Those with a value that their English does not have, a lone per cent sign, or a date's pattern that is none.
    Returns their English."""
    found = [message for message in catalog if message.id and not _is_usable(message)]
    for message in found:
        catalog.delete(message.id, message.context)
    return [_forms(message.id)[0] for message in found]


def _is_usable(message: Message) -> bool:
    given = [words for words in _forms(message.string) if words]
    if message.context == DATES:
        return all(_is_pattern(words) for words in given)
    english = _forms(message.id)
    known = {"", *(name for words in english for name in _VALUE.findall(words))}
    known |= {"num"} if message.pluralizable else set()
    has_lone_sign = any("%" in _VALUE.sub("", words) for words in english)  # is said as it is then
    return all(
        known.issuperset(_VALUE.findall(words)) and (has_lone_sign or "%" not in _VALUE.sub("", words))
        for words in given
    )


def _is_pattern(words: str) -> bool:
    try:
        return len({format_datetime(at, words, locale="en") for at in _INSTANTS}) == len(_INSTANTS)
    except Exception:  # whatever Babel makes of it
        return False


def _forms(words: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())
