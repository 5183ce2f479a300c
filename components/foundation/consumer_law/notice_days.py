"""On which days before a charge a notice goes out: where every rule is kept, near to what the shop prefers. Pure."""

from collections.abc import Iterable

from components.foundation.consumer_law.law_rules import LawRule

SLACK = 1
"""The schedule looks once a day: a notice is a day late at most."""


def days_before(rules: Iterable[LawRule], *, preferred: int, within: int, is_wanted: bool = True) -> tuple[int, ...]:
    """So many days before, the earliest notice first; as few notices as keep every rule.

    `preferred` is when the shop sends its own, where it does (`is_wanted`) and no rule brings one as early. `within`
    is how long the term or trial lasts: what would have to be said before it begins is said when it begins.
    """
    windows = [(one.least_days + SLACK, min(one.most_days, within - 1)) for one in rules]
    groups: list[tuple[int, int]] = []
    for least, most in sorted((one for one in windows if one[0] <= one[1]), key=lambda window: window[1]):
        if groups and least <= groups[-1][1]:
            groups[-1] = (max(least, groups[-1][0]), groups[-1][1])
        else:
            groups.append((least, most))
    wanted = max(1, min(preferred, within - 1))
    found = {min(max(wanted, least), most) for least, most in groups}
    if is_wanted and all(day < wanted for day in found):
        found.add(wanted)
    return tuple(sorted(found, reverse=True))


def is_last_of_stretch(rule: LawRule, *, months_paid: int, term_months: int) -> bool:
    """Whether this renewal is the last charge of a stretch of `every_months`, counted from the joining."""
    if not rule.every_months:
        return True
    ends = -(-months_paid // rule.every_months) * rule.every_months
    return months_paid > 0 and months_paid + term_months > ends


def is_asked(rule: LawRule, *, months_paid: int, term_months: int) -> bool:
    """Whether a renewal of a term of so many months, after so many months, is one that the rule speaks of."""
    return term_months >= rule.term_months and is_last_of_stretch(
        rule, months_paid=months_paid, term_months=term_months
    )
