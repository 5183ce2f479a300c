"""The audit log is whole: each entry has its witness, and each witness its entry, unaltered."""

from components.foundation.consistency.invariant_rules import Invariant

RULES = (
    Invariant(
        "an audit entry is kept",
        "Audit entry {id}: it was written, and is gone",
        """SELECT w.id FROM audit_witness w WHERE w.id = ANY($1)
           AND NOT EXISTS (SELECT FROM audit_entry e WHERE e.id = w.id)""",
        each="audit_witness",
    ),
    Invariant(
        "an audit entry never changes",
        "Audit entry {id}: it says something else than when it was written",
        """SELECT w.id FROM audit_witness w JOIN audit_entry e ON e.id = w.id
           WHERE w.id = ANY($1) AND audit_entry_digest(e) <> w.digest""",
        each="audit_witness",
    ),
    Invariant(
        "an audit entry is witnessed",
        "Audit entry {id}: nothing witnesses that it was written when it says",
        """SELECT e.id FROM audit_entry e WHERE e.id = ANY($1)
           AND NOT EXISTS (SELECT FROM audit_witness w WHERE w.id = e.id)""",
        each="audit_entry",
    ),
)
