"""Benefits that none of their holders used, and early access in which nobody bought."""

from datetime import datetime

from components.insights.behaviour_figures.engagement import WAS_USED
from components.insights.rollups.day_parts import HELD_THEN
from components.insights.suggestions.suggestion_kind import SEASON, YEAR, FoundEvidence, SuggestedDraft, SuggestionKind
from components.memberships.benefits.kinds import all_kinds
from components.memberships.benefits.protocol import MonitorRule

EARLY: MonitorRule = "products early"

# Who held it all the time that is looked at.
_HOLDERS = """
SELECT DISTINCT ON (b.id, m.holder) b.id::text AS subject, b.name, '' AS detail, m.holder AS person, m.starts_at AS at,
  p.name AS what, '' AS reference, 1 AS times, 0::bigint AS amount, NULL::bigint AS other
FROM insights_benefits b JOIN insights_plan_benefits pb ON pb.benefit = b.id AND pb.from_at <= $1
  AND holds(pb.from_at, pb.until_at, $2)
JOIN insights_plans p ON p.id = pb.plan
JOIN insights_memberships m ON m.plan = pb.plan AND m.starts_at <= $1 AND holds(m.starts_at, m.ends_at, $2)
WHERE b.kind = ANY($4::text[])"""
_USED = f"""
  SELECT benefit FROM insights_benefit_uses WHERE at > $1 AND at <= $2 AND benefit IS NOT NULL
    AND {WAS_USED}
  UNION ALL SELECT benefit FROM insights_gifts WHERE claimed_at > $1 AND claimed_at <= $2
  UNION ALL SELECT benefit FROM insights_partner_codes WHERE claimed_at > $1 AND claimed_at <= $2
  UNION ALL SELECT benefit FROM insights_perk_uses WHERE at > $1 AND at <= $2 AND undone_at IS NULL
  UNION ALL SELECT l.benefit FROM insights_credit_lots l WHERE l.given_at <= $2 AND l.pending = 0
    AND l.benefit IS NOT NULL AND coalesce(l.expires_at > $1, true)
    AND l.amount - l.remaining > coalesce((SELECT sum(e.amount) FROM insights_ledger_entries e WHERE e.lot = l.id
      AND e.account_kind IN ('expired', 'cashback_given', 'credit_given') AND e.amount > 0), 0)"""
# Of what was spent of a credit, neither what ran out nor what was taken back.
_UNUSED = f"{_HOLDERS} AND b.id NOT IN ({_USED}) ORDER BY b.id, m.holder, m.starts_at"
# Of each such benefit, what it opened before its date: by what it covers now.
_OPENED = f"""
opened AS MATERIALIZED (
  SELECT b.id AS benefit, p.id AS product, p.public_from, v.settings::jsonb AS settings,
    ARRAY(SELECT jsonb_array_elements_text(v.settings::jsonb -> 'covered' -> 'ids')::uuid) AS chosen
  FROM insights_benefits b JOIN insights_benefit_versions v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $2)
  JOIN insights_products p ON p.public_from > $1 AND p.public_from <= $2
  WHERE b.kind = ANY($4::text[])),
covered AS MATERIALIZED (
  SELECT benefit, product, public_from, chosen, settings -> 'covered' ->> 'kind' AS covers,
    public_from - (settings ->> 'hours')::int * interval '1 hour' AS opens_at
  FROM opened o WHERE CASE settings -> 'covered' ->> 'kind' WHEN 'everything' THEN true
    WHEN 'product' THEN o.product = ANY(chosen)
    WHEN 'variant' THEN EXISTS (SELECT FROM insights_variants v WHERE v.product = o.product AND v.id = ANY(chosen))
    ELSE EXISTS (SELECT FROM insights_collection_products c
      WHERE c.product = o.product AND c.collection = ANY(chosen)) END),
bought AS MATERIALIZED (
  SELECT DISTINCT c.benefit FROM covered c JOIN insights_order_lines l ON l.product_id = c.product
    AND (c.covers <> 'variant' OR l.variant_id = ANY(c.chosen))
  JOIN insights_orders o ON o.id = l.order_id AND o.paid_at >= c.opens_at AND o.paid_at < c.public_from
  WHERE EXISTS (SELECT FROM insights_memberships m JOIN insights_plan_benefits g ON g.plan = m.plan
    AND g.benefit = c.benefit AND holds(g.from_at, g.until_at, o.paid_at)
    WHERE m.holder = o.person AND {HELD_THEN}))"""
_EARLY = f"""WITH {_OPENED.lstrip()} {_HOLDERS}
  AND b.id IN (SELECT benefit FROM covered) AND b.id NOT IN (SELECT benefit FROM bought)
ORDER BY b.id, m.holder, m.starts_at"""


async def _with_uses(at: datetime) -> tuple[object, ...]:
    """The kinds whose uses are on record: what only opens pages leaves none."""
    return ([one.key for one in all_kinds().values() if one.monitored_as is None],)


async def _early(at: datetime) -> tuple[object, ...]:
    return ([one.key for one in all_kinds().values() if one.monitored_as == EARLY],)


def _unused(found: FoundEvidence, month: int) -> str:
    return f"Nobody has used “{found.name}” in {SEASON} days: {found.evidence} members have it"


def _early_unused(found: FoundEvidence, month: int) -> str:
    return f"Nobody bought early with “{found.name}” in a year: {found.evidence} members have it"


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    return SuggestedDraft("Open the benefit", f"/staff/benefits/{found.subject}")


_NOTHING = (
    "It costs nothing while nobody uses it, so there is nothing to save; it takes the place of one they might use."
)
_ASSUMES = "That members know of it. If they don’t, say it more clearly before you replace it."
UNUSED = SuggestionKind(
    key="unused_benefit",
    title="Benefits that nobody uses",
    rows=_UNUSED,
    further=_with_uses,
    days=SEASON,
    counted="members who had it all that time",
    estimate="What there is to gain",
    gain="No money. It makes room for a benefit that members use.",
    how=_NOTHING,
    assumes=_ASSUMES,
    sentence=_unused,
    draft=_draft,
    acts=("benefit changed",),
    head="Member",
)
EARLY_UNUSED = SuggestionKind(
    key="unused_early",
    title="Early access that nobody uses",
    rows=_EARLY,
    further=_early,
    days=YEAR,
    counted="members who had it all that time",
    estimate="What there is to gain",
    gain="No money. It makes room for a benefit that members use.",
    how=f"Products that it covers came out in that time, and no member who has it ordered one before its date. "
    f"{_NOTHING}",
    assumes=_ASSUMES,
    sentence=_early_unused,
    draft=_draft,
    acts=("benefit changed",),
    head="Member",
)
