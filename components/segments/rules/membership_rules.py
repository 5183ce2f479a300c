"""Rules about memberships: the plan, its state, since when, and how they came to it."""

from components.foundation.languages.words import N_, _, n_
from components.memberships.plans import plan_catalogue
from components.segments.membership_state_rule import of_state, state_names, state_said
from components.segments.rule_fields import Options, RuleChoice, RuleNumber
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import IS_TRUE, at_least_or_less, if_so
from components.segments.statement import Statement

ANY = "*"
"""No plan has this address."""


def _plans() -> Options:
    named = tuple((plan.slug, plan.name) for plan in plan_catalogue.all_plans())
    return ((ANY, _("member: any plan but the free one")), *named)


_PLAN = RuleChoice(name="plan", label=N_("Plan"), options=_plans)


def _plan(values: Values, into: Statement) -> str:
    which = "m.source <> 'free'" if values["plan"] == ANY else f"m.slug = {into.bind(values['plan'], 'text')}"
    return if_so(
        values,
        into,
        f"SELECT m.holder FROM segments_memberships m WHERE {which} AND holds(m.starts_at, m.ends_at, {into.now})",
    )


def _plan_said(values: Values) -> str:
    if values["plan"] == ANY:
        return _("are members") if values["is"] == "yes" else _("are not members")
    plan = _PLAN.label_of(values["plan"])
    if values["is"] == "yes":
        return _("hold the plan “%(plan)s”", plan=plan)
    return _("do not hold the plan “%(plan)s”", plan=plan)


def _tenure(values: Values, into: Statement) -> str:
    """Since the first membership from the same source began: a pause or another plan begins nothing anew."""
    compared = "<=" if values["is"] == "at_least" else ">"
    return f"""SELECT m.holder FROM segments_memberships m
      JOIN segments_memberships f ON f.source_id = m.source_id AND f.holder = m.holder
      WHERE m.source <> 'free' AND holds(m.starts_at, m.ends_at, {into.now})
      GROUP BY m.holder HAVING min(f.starts_at) {compared} {into.days_ago(int(values["days"] or 0))}"""


def _tenure_said(values: Values) -> str:
    days = int(values["days"] or 0)
    if values["is"] == "at_least":
        return n_("have been members for at least %(num)s day", "have been members for at least %(num)s days", days)
    return n_("have been members for less than %(num)s day", "have been members for less than %(num)s days", days)


_WAYS = {
    "trial": (N_("a free trial"), N_("have had a free trial"), N_("have never had a free trial")),
    "subscription": (
        N_("a plan billed regularly"),
        N_("have had a plan that is billed regularly"),
        N_("have never had a plan that is billed regularly"),
    ),
    "term": (N_("a plan paid once"), N_("have had a plan paid once"), N_("have never had a plan paid once")),
    "gift": (
        N_("a gift"),
        N_("have been given a membership as a gift"),
        N_("have never been given a membership as a gift"),
    ),
    "seat": (
        N_("somebody’s household"),
        N_("have been in somebody’s household"),
        N_("have never been in somebody’s household"),
    ),
    "comp": (
        N_("a complimentary membership"),
        N_("have had a complimentary membership"),
        N_("have never had a complimentary membership"),
    ),
    "earned": (
        N_("spending"),
        N_("have earned a membership by spending"),
        N_("have never earned a membership by spending"),
    ),
}
"""What staff choose, what is said of who came that way, and of who did not."""


def _ways() -> Options:
    return tuple((key, _(words[0])) for key, words in _WAYS.items())


def _came(values: Values, into: Statement) -> str:
    if values["way"] == "trial":
        return if_so(values, into, f"SELECT t.person FROM segments_trials t WHERE t.at <= {into.now}")
    source = into.bind(values["way"], "text")
    began = f"SELECT m.holder FROM segments_memberships m WHERE m.source = {source} AND m.starts_at <= {into.now}"
    return if_so(values, into, began)


def _came_said(values: Values) -> str:
    words = _WAYS.get(str(values["way"]))
    if words is None:
        return _("(no longer there)")
    they = words[1] if values["is"] == "yes" else words[2]
    return _(they)


KINDS = (
    RuleKind(
        key="plan",
        group="membership",
        title=N_("Is a member, or holds a plan"),
        fields=(IS_TRUE, _PLAN),
        select=_plan,
        says=_plan_said,
    ),
    RuleKind(
        key="membership_state",
        group="membership",
        title=N_("State of the membership"),
        fields=(IS_TRUE, RuleChoice(name="state", label=N_("State"), options=state_names)),
        select=lambda values, into: if_so(values, into, of_state(str(values["state"]), into)),
        says=state_said,
    ),
    RuleKind(
        key="member_for",
        group="membership",
        title=N_("Length of membership"),
        fields=(
            RuleChoice(name="is", label=N_("How long"), options=at_least_or_less),
            RuleNumber(name="days", label=N_("Days"), least=1),
        ),
        select=_tenure,
        says=_tenure_said,
    ),
    RuleKind(
        key="joined_by",
        group="membership",
        title=N_("How they became members"),
        fields=(IS_TRUE, RuleChoice(name="way", label=N_("By"), options=_ways)),
        select=_came,
        says=_came_said,
    ),
)
