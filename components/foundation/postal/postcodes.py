"""A postcode as its country writes it. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence


def written(typed: str, pattern: re.Pattern[str], examples: Sequence[str]) -> str:
    """In capitals, with spaces and hyphens where the country has them; what fits no way stays as typed, in capitals.

    A country's letters before a postcode of digits, as in `D-10115`, are left out.
    """
    upper = " ".join(typed.upper().split())
    bare = _bare(upper)
    for compact in (bare, re.sub("^[A-Z]{1,3}(?=[0-9])", "", bare)):
        for candidate in _laid_out(compact, examples):
            if pattern.fullmatch(candidate):
                return candidate
    return upper


def _laid_out(compact: str, examples: Iterable[str]) -> Iterator[str]:
    """The same letters and digits, parted like each example of their length, and then without any gap."""
    for example in examples:
        if len(_bare(example)) == len(compact):
            rest = iter(compact)
            yield "".join(next(rest) if sign.isalnum() else sign for sign in example)
    yield compact


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
