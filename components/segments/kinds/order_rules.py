"""Rules about orders that are paid: how many, how much, and when the last one was."""

from components.foundation.languages.words import N_, _, n_
from components.segments import statement
from components.segments.rule_fields import RuleChoice, RuleNumber
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import LAST_DAYS, compared, in_the_last
from components.segments.statement import EVERYBODY, Statement

_AT_LEAST = RuleChoice(name="is", label=N_("How many"), options=lambda: compared())


def _placed(values: Values, into: Statement) -> str:
    """The end of the SELECT from orders: those until the instant, of so many days."""
    since = f" AND o.paid_at >= {into.days_ago(int(values['days']))}" if values["days"] else ""
    return f"FROM segments_orders o WHERE o.paid_at <= {into.now}{since}"


def _orders(values: Values, into: Statement) -> str:
    least = int(values["number"] or 0) + (values["is"] == "at_most")
    if least == 0:
        return EVERYBODY
    many = into.bind(least, "bigint")
    fitting = f"SELECT o.person {_placed(values, into)} GROUP BY o.person HAVING count(*) >= {many}"
    return statement.none_of([fitting]) if values["is"] == "at_most" else fitting


def _orders_said(values: Values) -> str:
    number, when = int(values["number"] or 0), in_the_last(values)
    if values["is"] == "at_most":
        if number == 0:
            return _("have placed no order %(when)s", when=when) if values["days"] else _("have never placed an order")
        one = "have placed at most %(num)s order %(when)s"
        return n_(one, "have placed at most %(num)s orders %(when)s", number, when=when)
    one = "have placed at least %(num)s order %(when)s"
    return n_(one, "have placed at least %(num)s orders %(when)s", number, when=when)


KINDS = (
    RuleKind(
        key="orders",
        group="orders",
        title=N_("Number of orders"),
        fields=(_AT_LEAST, RuleNumber(name="number", label=N_("Orders"), most=100_000), LAST_DAYS),
        select=_orders,
        says=_orders_said,
    ),
)
