"""Fields and words that several kinds of rules share."""

from components.foundation.languages.words import N_, _, n_
from components.segments.rule_fields import Options, RuleNumber
from components.segments.rule_kind import Values

LAST_DAYS = RuleNumber(name="days", label=N_("In the last so many days"), is_optional=True, least=1)
"""Empty: ever."""


def compared() -> Options:
    return (("at_least", _("at least")), ("at_most", _("at most")))


def in_the_last(values: Values) -> str:
    """In which time something is counted."""
    days = values["days"]
    return n_("in the last day", "in the last %(num)s days", int(days)) if days else _("in all")
