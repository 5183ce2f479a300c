"""Several names in one sentence: "A, B and C", "A or B", "A, as it is". Commas are the language's own."""

from collections.abc import Sequence
from functools import reduce

from components.foundation.languages.words import _, p_


def all_of(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s", names=p_("between names", ", ").join(names[:-1]), last=names[-1])


def one_of(names: Sequence[str]) -> str:
    """ "A", "A or B", "A or B or C"."""
    return reduce(lambda first, other: _("%(first)s or %(other)s", first=first, other=other), names) if names else ""


def with_detail(name: str, detail: str) -> str:
    """ "Club, 9.00 € a month": a name and what belongs to it."""
    return _("%(name)s, %(detail)s", name=name, detail=detail)
