"""Members who would pay less on another plan that has every benefit they used."""

from datetime import datetime
from fractions import Fraction

from components.foundation.formatting import money
from components.insights.behaviour_figures.engagement import WAS_USED
from components.insights.suggestions.suggestion_kind import (
    NOT_NET,
    PAID_IN_FULL,
    YEAR,
    FoundEvidence,
    SuggestedDraft,
    SuggestionKind,
    draft,
    monthly_fee,
)
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView

_USED = f"""
  SELECT person, benefit FROM insights_benefit_uses WHERE at > $1 AND at <= $2 AND benefit IS NOT NULL
    AND {WAS_USED}
  UNION SELECT person, benefit FROM insights_gifts WHERE claimed_at > $1 AND claimed_at <= $2
  UNION SELECT person, benefit FROM insights_partner_codes WHERE claimed_at > $1 AND claimed_at <= $2
  UNION SELECT person, benefit FROM insights_perk_uses WHERE at > $1 AND at <= $2 AND undone_at IS NULL
  UNION SELECT person, benefit FROM insights_credit_lots
    WHERE given_at > $1 AND given_at <= $2 AND benefit IS NOT NULL"""
_ROWS = f"""
WITH used AS MATERIALIZED (SELECT person, array_agg(DISTINCT benefit) AS benefits FROM ({_USED}) u GROUP BY person),
offered AS MATERIALIZED (SELECT t.plan, t.fee, ARRAY(SELECT pb.benefit FROM insights_plan_benefits pb
    WHERE pb.plan = t.plan AND holds(pb.from_at, pb.until_at, $2)) AS benefits
  FROM unnest($4::uuid[], $5::bigint[]) t (plan, fee)),
running AS (SELECT s.payer, s.plan, s.started_at, u.benefits,
    {monthly_fee("s.price", "s.interval", "s.interval_count")} AS fee
  FROM insights_subscriptions s JOIN used u ON u.person = s.payer {PAID_IN_FULL}
  WHERE {NOT_NET} AND s.status = 'active' AND s.currency = $3
    AND s.started_at <= $2::timestamptz - interval '6 months')
SELECT r.plan || ':' || b.plan AS subject, mine.name || ' → ' || p.name AS name, b.plan::text AS detail,
  r.payer AS person, r.started_at AS at, mine.name AS what, '' AS reference, 1 AS times, r.fee - b.fee AS amount,
  r.fee AS other
FROM running r JOIN insights_plans mine ON mine.id = r.plan
CROSS JOIN LATERAL (SELECT t.plan, t.fee FROM offered t
  WHERE t.fee < r.fee AND t.plan <> r.plan AND r.benefits <@ t.benefits ORDER BY t.fee, t.plan LIMIT 1) b
JOIN insights_plans p ON p.id = b.plan"""


def month_of(plan: PlanView) -> int:
    """What a plan's fee comes to in a month; a year has 52 weeks."""
    share = {"week": Fraction(52, 12), "year": Fraction(1, 12)}.get(plan.interval, Fraction(1))
    return int(plan.price.amount * share / plan.interval_count + Fraction(1, 2))


async def _offered(at: datetime) -> tuple[object, ...]:
    plans = [one for one in plan_catalogue.active_plans() if one.renews]
    return [one.id for one in plans], [month_of(one) for one in plans]


def _sentence(found: FoundEvidence, month: int) -> str:
    return (
        f"{found.evidence} members would pay {money(month)} a month less, tax included, on another plan: {found.name}"
    )


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    return draft("Offer it to those who cancel", "/staff/save-offers", kind="downgrade", plan=found.detail)


KIND = SuggestionKind(
    key="better_plan",
    title="Members who would be better off on another plan",
    rows=_ROWS,
    days=YEAR,
    is_rate=True,
    further=_offered,
    counted="members for more than six months",
    estimate="Members would save, a month, tax included",
    how="What each of them pays a month, less the fee of the cheapest plan that has every benefit they used in a year. "
    "The shop would take so much less, and keep members who have no reason to feel overcharged.",
    assumes="That what is not on record is not missed: articles they read, household members, the fee guarantee.",
    sentence=_sentence,
    draft=_draft,
    acts=("save offer added",),
    head="Member",
    other="Pays a month",
)
