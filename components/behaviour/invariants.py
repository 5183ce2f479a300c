"""What must hold of what was seen: visits are counted too, and none is kept without a consent."""

from components.behaviour.tables import PageView, VisitConsent
from components.foundation.consistency.invariant_rules import Invariant, references

REFERENCES = references((PageView, VisitConsent), [(PageView.visitor, "visit_consent"), (PageView.person, "person"),
                                                   (VisitConsent.person, "person")])  # fmt: skip
RULES = (
    Invariant(
        "what somebody saw is counted on its day",
        "Visits of {day}: {kind} “{subject}” was seen {seen} times by visitors who agreed, but counted {times} times",
        """SELECT c.day, c.kind, c.subject, c.times, s.seen FROM view_count c CROSS JOIN LATERAL (
             SELECT count(*)::int AS seen FROM page_view v
             WHERE v.day = c.day AND v.kind = c.kind AND v.subject = c.subject AND v.is_member = c.is_member) s
           WHERE c.id = ANY($1) AND s.seen > c.times""",
        each="view_count",
    ),
    Invariant(
        "what somebody saw has a count",
        "Visit {id}: {kind} “{subject}” was seen on {day}, and that day has no count of it",
        """SELECT v.id, v.day, v.kind, v.subject FROM page_view v WHERE v.id = ANY($1) AND NOT EXISTS (
             SELECT FROM view_count c WHERE c.day = v.day AND c.kind = v.kind AND c.subject = v.subject
               AND c.is_member = v.is_member)""",
        each="page_view",
    ),
)
