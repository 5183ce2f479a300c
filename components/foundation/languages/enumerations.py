"""Several names in one sentence: "A, B and C", "A or B"."""

from collections.abc import Sequence
from functools import reduce

from components.foundation.languages.words import _


def all_of(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])


def one_of(names: Sequence[str]) -> str:
    """ "A", "A or B", "A or B or C"."""
    return reduce(lambda first, other: _("%(first)s or %(other)s", first=first, other=other), names) if names else ""
