"""What must hold of e-mails. That a key is used once is held by the database; of which order it is, by insights."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.messaging.tables import CancellationNotice, Email, EmailTextTrouble, EmailTextVersion

RULES = (
    Invariant(
        "the versions of an e-mail's text are counted from 1",
        "E-mail text {kind}: there is a version {number}, but none before it",
        """SELECT v.kind, v.number FROM email_text_version v WHERE v.id = ANY($1) AND v.number <> 1
           AND NOT EXISTS (SELECT FROM email_text_version b WHERE b.kind = v.kind AND b.language = v.language
             AND b.number = v.number - 1)""",
        each="email_text_version",
    ),
    Invariant(
        "an e-mail text that could not be used was there",
        "E-mail text {kind}: version {number} could not be used, but there is no such version",
        """SELECT t.kind, t.number FROM email_text_trouble t WHERE t.id = ANY($1)
           AND NOT EXISTS (SELECT FROM email_text_version v WHERE v.kind = t.kind AND v.language = t.language
             AND v.number = t.number)""",
        each="email_text_trouble",
    ),
)

REFERENCES = references((Email, EmailTextVersion, EmailTextTrouble, CancellationNotice), [(Email.person, "person")])


async def invariants() -> list[str]:
    """Every e-mail text that breaks a rule, as a sentence."""
    return await invariant_walks.sentences(RULES)
