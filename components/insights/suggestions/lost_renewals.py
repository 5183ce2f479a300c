"""The renewal at which unusually many members leave."""

from components.foundation.formatting import money
from components.insights.rollups import due_dates
from components.insights.suggestions.suggestion_kind import YEAR, FoundEvidence, SuggestedDraft, SuggestionKind, draft

# The share that is lost at one renewal is at least half as much again as that of all renewals of the plan.
_ROWS = f"""
SELECT r.plan || ':' || r.turn AS subject, p.name, r.turn::text AS detail, r.person, r.at,
  CASE WHEN r.is_renewed THEN 'Renewed' ELSE 'Not renewed' END AS what, '' AS reference, 1 AS times,
  CASE WHEN r.is_renewed THEN 0 ELSE r.fee END AS amount, r.fee AS other
FROM (SELECT f.*, avg((NOT is_renewed)::int) OVER (PARTITION BY plan, turn) AS lost,
    avg((NOT is_renewed)::int) OVER (PARTITION BY plan) AS usual
  FROM (SELECT plan, person, at, fee, is_renewed,
      row_number() OVER (PARTITION BY subscription ORDER BY at, id) AS turn FROM figure_renewal) f
  WHERE f.at > $1 AND f.at <= $2::timestamptz - {due_dates.PATIENCE} AND f.fee > 0) r
JOIN insights_plans p ON p.id = r.plan WHERE r.lost >= r.usual * 1.5"""


def _sentence(found: FoundEvidence, month: int) -> str:
    return (
        f"{found.name} loses {found.marked} of {found.evidence} members at renewal {found.detail}: "
        f"{money(month)} of fees a month"
    )


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    return draft("Offer a pause to those who cancel", "/staff/save-offers", kind="pause")


KIND = SuggestionKind(
    key="lost_renewal",
    title="Renewals at which many leave",
    rows=_ROWS,
    days=YEAR,
    counted="renewals that were due",
    estimate="Fees not renewed, a month",
    how="The fees without tax of renewals that were due and not made, where at least half as many again are lost as at "
    "the renewals of the plan altogether. A renewal counts as lost after 30 days.",
    assumes="That a pause or a smaller plan would keep some of them. Nobody keeps all: take it as the most there is.",
    sentence=_sentence,
    draft=_draft,
    head="Member",
    other="Fee",
)
