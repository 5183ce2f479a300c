"""The renewal at which unusually many members leave."""

from datetime import datetime

from components.foundation.formatting import interval, money
from components.insights.rollups import due_dates, renewal_parts, unrolled
from components.insights.suggestions.suggestion_kind import YEAR, FoundEvidence, SuggestedDraft, SuggestionKind, draft

# Every renewal, with what has changed since figures were kept; its first two are further ones here.
_DUE = renewal_parts.unrolled("at <= UNTIL").replace("$1", "$4").replace("$2", "$5").replace("UNTIL", "$2")
_PARTS = "f.plan, f.interval, f.interval_count"
# The share that is lost at one renewal is at least half as much again as that of all renewals of the plan that are paid
# as often.
_ROWS = f"""
WITH {_DUE}
SELECT concat_ws(':', r.plan, r.interval, r.interval_count, r.turn) AS subject, p.name,
  concat_ws(' ', r.turn, r.interval, r.interval_count) AS detail, r.person, r.at,
  CASE WHEN r.is_renewed THEN 'Renewed' ELSE 'Not renewed' END AS what, '' AS reference, 1 AS times,
  CASE WHEN r.is_renewed THEN 0 ELSE r.fee END AS amount, r.fee AS other
FROM (SELECT f.*, avg((NOT is_renewed)::int) OVER (PARTITION BY {_PARTS}, f.turn) AS lost,
    avg((NOT is_renewed)::int) OVER (PARTITION BY {_PARTS}) AS usual
  FROM (SELECT plan, interval, interval_count, person, at, fee, is_renewed,
      row_number() OVER (PARTITION BY subscription, plan, interval, interval_count ORDER BY at, id) AS turn FROM due) f
  WHERE f.at > $1 AND f.at <= $2::timestamptz - {due_dates.PATIENCE} AND f.fee > 0) r
JOIN insights_plans p ON p.id = r.plan WHERE r.lost > 0 AND r.lost >= r.usual * 1.5"""


async def _kept_by(at: datetime) -> tuple[object, ...]:
    return unrolled.args()


def _sentence(found: FoundEvidence, month: int) -> str:
    turn, unit, count = found.detail.split()
    return (
        f"{found.name} loses {found.marked} of {found.evidence} members at renewal {turn} of those who pay "
        f"{interval(unit, int(count))}: "
        f"{money(month)} of fees a month, ex tax"
    )


def _draft(found: FoundEvidence, month: int) -> SuggestedDraft:
    return draft("Offer a pause to those who cancel", "/staff/save-offers", kind="pause")


KIND = SuggestionKind(
    key="lost_renewal",
    title="Renewals at which many leave",
    rows=_ROWS,
    days=YEAR,
    further=_kept_by,
    unsettled=30,
    counted="renewals that were due",
    estimate="Fees not renewed, a month, ex tax",
    how="The fees without tax of renewals that were due and not made, where at least half as many again are lost as at "
    "the renewals of the plan that are paid as often. A renewal counts as lost after 30 days, so that the "
    "last 30 days are not counted yet.",
    assumes="That a pause or a smaller plan would keep some of them. Nobody keeps all: take it as the most there is.",
    sentence=_sentence,
    draft=_draft,
    acts=("save offer added",),
    head="Member",
    other="Fee",
)
