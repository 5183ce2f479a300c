"""What must hold of e-mails. That a key is used once is held by the database; of which order it is, by insights."""

from components.foundation.consistency.invariant_rules import references
from components.messaging.tables import Email

REFERENCES = references((Email,), [(Email.person, "person")])
