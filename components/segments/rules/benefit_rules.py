"""Rules about benefits used, store credit, and members who may leave."""

from uuid import UUID

from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import plan_catalogue
from components.segments.rule_fields import Options, RuleAmount, RuleChoice
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import IS_TRUE, LAST_DAYS, at_least_or_less, ever_or_in_the_last, if_so, since
from components.segments.statement import EVERYBODY, Statement

ANY = "*"
ENDING = "ending"


def _benefits() -> Options:
    found = {str(one.id): one.name for plan in plan_catalogue.all_plans() for one in plan.benefits}
    return ((ANY, _("any benefit")), *sorted(found.items(), key=lambda pair: pair[1]))


_BENEFIT = RuleChoice(name="benefit", label=N_("Benefit"), options=_benefits)


def _used(values: Values, into: Statement) -> str:
    which = ""
    if values["benefit"] != ANY:
        try:
            which = f" AND u.benefit = {into.bind(UUID(str(values['benefit'])), 'uuid')}"
        except ValueError:
            which = " AND false"
    return if_so(
        values,
        into,
        f"""SELECT u.person FROM (SELECT person, benefit, at FROM segments_benefit_uses
          UNION ALL SELECT person, benefit, at FROM segments_reward_uses) u
        WHERE {since(values, into, "u.at")}{which}""",
    )


def _used_said(values: Values) -> str:
    if values["benefit"] == ANY:
        return _any_used_said(values)
    when, benefit = ever_or_in_the_last(values), _BENEFIT.label_of(values["benefit"])
    if values["is"] == "yes":
        return _("have used the benefit “%(benefit)s” %(when)s", benefit=benefit, when=when)
    if values["days"]:
        return _("have not used the benefit “%(benefit)s” %(when)s", benefit=benefit, when=when)
    return _("have never used the benefit “%(benefit)s”", benefit=benefit)


def _any_used_said(values: Values) -> str:
    when = ever_or_in_the_last(values)
    if values["is"] == "yes":
        return _("have used a benefit %(when)s", when=when)
    return _("have used no benefit %(when)s", when=when) if values["days"] else _("have never used a benefit")


def _credit(values: Values, into: Statement) -> str:
    """What they can spend at the instant."""
    amount = int(values["amount"] or 0)
    if amount == 0:
        return EVERYBODY if values["is"] == "at_least" else f"{EVERYBODY} AND false"
    return if_so(
        values,
        into,
        f"""SELECT l.person FROM segments_credit_lots l WHERE l.expires_at IS NULL OR l.expires_at > {into.now}
        GROUP BY l.person HAVING sum(l.remaining) >= {into.bind(amount, "bigint")}""",
    )


def _credit_said(values: Values) -> str:
    amount = formatting.money(Money(int(values["amount"] or 0), shop_settings.current().currency))
    if values["is"] == "at_least":
        return _("have store credit of at least %(amount)s", amount=amount)
    return _("have store credit of less than %(amount)s", amount=amount)


_RISKS = {
    ANY: (N_("any of these"), N_("are members who may be leaving"), N_("are not members who may be leaving")),
    "orders": (
        N_("probably orders no more"),
        N_("are members who probably order no more"),
        N_("are not members who probably order no more"),
    ),
    "habits": (
        N_("probably uses no benefits any more"),
        N_("are members who probably use no benefits any more"),
        N_("are not members who probably use no benefits any more"),
    ),
    ENDING: (
        N_("has cancelled, or owes a payment"),
        N_("are members who have cancelled or owe a payment"),
        N_("are not members who have cancelled or owe a payment"),
    ),
}
"""By the forecasts of last night: `insights/forecasts/risk_finder.py`. Who has cancelled or owes is known already."""
_ENDING = """SELECT s.payer FROM segments_subscriptions s
  WHERE s.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed')
    AND (s.cancel_at IS NOT NULL OR s.status IN ('past_due', 'unpaid'))
    AND EXISTS (SELECT FROM segments_memberships m WHERE m.source_id = s.id AND m.source = 'subscription'
      AND m.holder = s.payer AND holds(m.starts_at, m.ends_at, {now}))"""


def _risks() -> Options:
    return tuple((key, _(words[0])) for key, words in _RISKS.items())


def _at_risk(values: Values, into: Statement) -> str:
    if values["risk"] == ENDING:
        return if_so(values, into, _ENDING.format(now=into.now))
    if values["risk"] == ANY:
        return if_so(
            values, into, f"{_ENDING.format(now=into.now)} UNION SELECT r.person FROM segments_members_at_risk r"
        )
    which = f" WHERE r.kind = {into.bind(values['risk'], 'text')}"
    return if_so(values, into, f"SELECT r.person FROM segments_members_at_risk r{which}")


def _at_risk_said(values: Values) -> str:
    words = _RISKS.get(str(values["risk"]))
    if words is None:
        return _("(no longer there)")
    they = words[1] if values["is"] == "yes" else words[2]
    return _(they)


_ALONE = {
    ANY: N_("Members who may be leaving."),
    "orders": N_("Members who probably order no more."),
    "habits": N_("Members who probably use no benefits any more."),
    ENDING: N_("Members who have cancelled or owe a payment."),
}


def _at_risk_alone(values: Values) -> str:
    words = _ALONE.get(str(values["risk"]), "")
    return _(words) if words and values["is"] == "yes" else ""


KINDS = (
    RuleKind(
        key="benefit_used",
        group="benefits",
        title=N_("Used a benefit"),
        fields=(IS_TRUE, _BENEFIT, LAST_DAYS),
        select=_used,
        says=_used_said,
    ),
    RuleKind(
        key="store_credit",
        group="benefits",
        title=N_("Store credit"),
        fields=(
            RuleChoice(name="is", label=N_("How much"), options=at_least_or_less),
            RuleAmount(name="amount", label=N_("Amount")),
        ),
        select=_credit,
        says=_credit_said,
    ),
    RuleKind(
        key="at_risk",
        group="membership",
        title=N_("May be leaving"),
        fields=(IS_TRUE, RuleChoice(name="risk", label=N_("How it shows"), options=_risks)),
        select=_at_risk,
        says=_at_risk_said,
        alone=_at_risk_alone,
    ),
)
