"""Fields, words and SELECTs that several kinds of rules share."""

from components.foundation.languages.words import N_, _, n_
from components.segments import statement
from components.segments.rule_fields import Options, RuleChoice, RuleNumber
from components.segments.rule_kind import Values
from components.segments.statement import Statement

LAST_DAYS = RuleNumber(name="days", label=N_("Days to look back"), is_optional=True, least=1)
"""Empty: ever."""


def at_least_or_most() -> Options:
    return (("at_least", _("at least")), ("at_most", _("at most")))


def at_least_or_less() -> Options:
    return (("at_least", _("at least")), ("less_than", _("less than")))


def yes_or_no() -> Options:
    return (("yes", _("yes")), ("no", _("no")))


IS_TRUE = RuleChoice(name="is", label=N_("Does this apply?"), options=yes_or_no)


def in_the_last(values: Values) -> str:
    """In which time something is counted."""
    days = values["days"]
    return n_("in the last day", "in the last %(num)s days", int(days)) if days else _("in all")


def ever_or_in_the_last(values: Values) -> str:
    """In which time something happened."""
    return in_the_last(values) if values["days"] else _("at any time")


def since(values: Values, into: Statement, column: str) -> str:
    """The condition that something happened until the instant and, where days are given, not before so many."""
    first = f" AND {column} >= {into.days_ago(int(values['days']))}" if values["days"] else ""
    return f"{column} <= {into.now}{first}"


def if_so(values: Values, into: Statement, select: str) -> str:
    """Those selected, or everybody else where the rule says that it is not so."""
    return select if values["is"] in ("yes", "at_least") else statement.none_of(into, [select])
