"""Rules about orders that are paid: how many, how much, and when the last one was."""

from components.foundation import formatting
from components.foundation.languages.words import N_, _, n_
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.segments.rule_fields import RuleAmount, RuleChoice, RuleNumber
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import (
    LAST_DAYS,
    at_least_or_less,
    at_least_or_most,
    if_so,
    in_the_last,
    since,
)
from components.segments.statement import EVERYBODY, Statement


def _orders(values: Values, into: Statement) -> str:
    least = int(values["number"] or 0) + (values["is"] == "at_most")
    if least == 0:
        return EVERYBODY
    return if_so(
        values,
        into,
        f"""SELECT o.person FROM segments_orders o WHERE {since(values, into, "o.paid_at")}
        GROUP BY o.person HAVING count(*) >= {into.bind(least, "bigint")}""",
    )


def _orders_said(values: Values) -> str:
    number, when = int(values["number"] or 0), in_the_last(values)
    if values["is"] == "at_most":
        if number == 0:
            return _("have placed no order %(when)s", when=when) if values["days"] else _("have never placed an order")
        return n_(
            "have placed at most %(num)s order %(when)s",
            "have placed at most %(num)s orders %(when)s",
            number,
            when=when,
        )
    return n_(
        "have placed at least %(num)s order %(when)s", "have placed at least %(num)s orders %(when)s", number, when=when
    )


def _spent(values: Values, into: Statement) -> str:
    """What was paid for each order, delivery and tax included, less what has been refunded of it by the instant."""
    amount = int(values["amount"] or 0)
    if amount == 0:
        return EVERYBODY if values["is"] == "at_least" else f"{EVERYBODY} AND false"
    return if_so(
        values,
        into,
        f"""SELECT s.person FROM (
          SELECT o.person, o.total AS amount, o.paid_at, o.currency FROM segments_orders o
          UNION ALL SELECT r.person, -r.amount, r.paid_at, r.currency FROM segments_refunds r WHERE r.at <= {into.now}
        ) s
        WHERE {since(values, into, "s.paid_at")} AND s.currency = {into.bind(shop_settings.current().currency, "text")}
        GROUP BY s.person HAVING sum(s.amount) >= {into.bind(amount, "bigint")}""",
    )


def _spent_said(values: Values) -> str:
    amount = formatting.money(Money(int(values["amount"] or 0), shop_settings.current().currency))
    when = in_the_last(values)
    if values["is"] == "at_least":
        return _("have spent at least %(amount)s %(when)s, refunds taken off", amount=amount, when=when)
    return _("have spent less than %(amount)s %(when)s, refunds taken off", amount=amount, when=when)


def _last_order(values: Values, into: Statement) -> str:
    compared = ">=" if values["is"] == "within" else "<"
    return f"""SELECT o.person FROM segments_orders o WHERE o.paid_at <= {into.now}
      GROUP BY o.person HAVING max(o.paid_at) {compared} {into.days_ago(int(values["days"] or 1))}"""


def _last_order_said(values: Values) -> str:
    days = int(values["days"] or 1)
    if values["is"] == "within":
        return n_("last ordered within a day", "last ordered within %(num)s days", days)
    return n_("have ordered, but not since a day ago", "have ordered, but not in the last %(num)s days", days)


KINDS = (
    RuleKind(
        key="orders",
        group="orders",
        title=N_("Number of orders"),
        fields=(
            RuleChoice(name="is", label=N_("How many"), options=at_least_or_most),
            RuleNumber(name="number", label=N_("Orders"), most=100_000),
            LAST_DAYS,
        ),
        select=_orders,
        says=_orders_said,
    ),
    RuleKind(
        key="spent",
        group="orders",
        title=N_("Amount spent"),
        fields=(
            RuleChoice(name="is", label=N_("How much"), options=at_least_or_less),
            RuleAmount(name="amount", label=N_("Amount")),
            LAST_DAYS,
        ),
        select=_spent,
        says=_spent_said,
    ),
    RuleKind(
        key="last_order",
        group="orders",
        title=N_("Last order"),
        fields=(
            RuleChoice(
                name="is",
                label=N_("When"),
                options=lambda: (
                    ("within", _("in the last … days")),
                    ("before", _("more than … days ago")),
                ),
            ),
            RuleNumber(name="days", label=N_("Days"), least=1),
        ),
        select=_last_order,
        says=_last_order_said,
    ),
)
