"""Renewals of months and of years in words: many of the one hide few of the other."""

from collections.abc import Sequence
from fractions import Fraction

from components.foundation import formatting
from components.insights.programme import renewal_rate
from components.insights.programme.renewal_rate import RenewalCount
from web.staff.reports.forecast_words import every
from web.staff.reports.programme.programme_spans import share

FEWEST = 20
"""Of fewer renewals nothing is said."""
WEAK = Fraction(1, 10)
"""So far below all of them together a rate is told by itself."""


def _lengths(counts: Sequence[RenewalCount]) -> dict[str, RenewalCount]:
    """By how often they are paid, of all plans; the most first."""
    keys = dict.fromkeys((one.interval, one.interval_count) for one in counts if one.due)
    found = {
        every(*key): renewal_rate.together(one for one in counts if (one.interval, one.interval_count) == key)
        for key in keys
    }
    return dict(sorted(found.items(), key=lambda one: -one[1].due))


def _of(one: RenewalCount) -> str:
    return f"{formatting.number(one.renewed)} of {formatting.number(one.due)}"


def by_length(counts: Sequence[RenewalCount]) -> str:
    """ "Every month 94.4% (1,317 of 1,395), every year 68.42% (91 of 133)"."""
    lengths = _lengths(counts)
    if len(lengths) < 2:
        return f"{_of(renewal_rate.together(counts))} renewals due"
    words = ", ".join(f"{length} {share(one.rate)} ({_of(one)})" for length, one in lengths.items())
    return f"{words[:1].upper()}{words[1:]}"


def weakest(counts: Sequence[RenewalCount]) -> str:
    """A sentence on the length with the lowest rate, if it is far below all; empty without one."""
    together, lengths = renewal_rate.together(counts), _lengths(counts)
    rated = [(one.rate, length, one) for length, one in lengths.items() if one.rate is not None and one.due >= FEWEST]
    if not rated or together.rate is None:
        return ""
    rate, length, one = min(rated, key=lambda found: found[0])
    if rate > together.rate - WEAK:
        return ""
    return f"Weak: of the renewals that are paid {length} only {share(rate)} were made, {_of(one)}."
