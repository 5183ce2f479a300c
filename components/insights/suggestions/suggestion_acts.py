"""What staff made or changed with the draft of a suggestion: found in the audit log, since the draft was opened.

What was acted on rests: it says so, and what comes of it is looked at again after a month.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, ids
from components.insights.suggestions.suggestion_kinds import KINDS
from components.insights.suggestions.tables import SuggestionDecision

TRIED = "tried"
"""The decision that is kept when somebody opens a draft."""
RESTS = timedelta(days=30)
ONCE = timedelta(minutes=10)


def _acts() -> Iterator[str]:
    for one in KINDS:
        for what in one.acts:
            yield f"('{one.key}', '{what}')"


ACTED = f"""LEFT JOIN LATERAL (SELECT e.what AS acted, e.at AS acted_at, CASE e.subject
    WHEN 'plan' THEN (SELECT slug FROM insights_plans WHERE id = e.subject_id::uuid)
    WHEN 'collection' THEN (SELECT slug FROM insights_collections WHERE id = e.subject_id::uuid)
    ELSE e.subject_id END AS acted_on
  FROM suggestion_decision d
  JOIN insights_audit_entries e ON e.actor = d.by AND e.at >= d.at AND e.at <= d.at + interval '1 day'
  JOIN (VALUES {", ".join(_acts())}) k (kind, what) ON k.kind = s.kind AND k.what = e.what
  WHERE d.suggestion = s.id AND d.state = '{TRIED}' AND CASE WHEN e.subject IN ('benefit', 'coupon')
    THEN e.subject_id IN (s.subject, s.detail)
    ELSE NOT EXISTS (SELECT FROM suggestion_decision o WHERE o.by = d.by AND o.state = '{TRIED}'
      AND o.suggestion <> d.suggestion AND o.at > d.at AND o.at < e.at) END
  ORDER BY e.at DESC LIMIT 1) acted ON true"""
"""Of a suggestion `s`: the newest thing that whoever opened its draft saved within a day. Something new is of the draft
they opened last; what was there already is the one that the suggestion is about."""
IS_RESTING = f"""coalesce(acted.acted_at > $1 - interval '{RESTS.days} days'
  AND NOT EXISTS (SELECT FROM suggestion_decision o WHERE o.suggestion = s.id AND o.state = 'open'
    AND o.at > acted.acted_at), false)"""
"""As of $1, and not reopened since."""


async def opened(suggestion: UUID, sentence: str, *, by: UUID) -> None:
    """Notes that the draft was opened, and what the suggestion said then; once for whoever goes back and forth."""
    at: datetime = clock.now()
    one = SuggestionDecision
    is_same = (one.suggestion == suggestion) & (one.by == by) & (one.state == TRIED) & (one.at > at - ONCE)
    if await one.exists().where(is_same):
        return
    await one.insert(one(id=ids.new(), suggestion=suggestion, state=TRIED, reason=sentence[:500], by=by, at=at))
