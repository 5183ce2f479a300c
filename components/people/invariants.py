"""What must hold of people and their accounts."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.people.tables import (
    Address,
    ApiKey,
    Authenticator,
    EmailConfirmation,
    IdentityCode,
    InvoiceAddress,
    Operator,
    Passkey,
    RecoveryCode,
    Session,
    SignInLink,
)

RULES = (
    Invariant(
        "nothing names an erased person",
        "Person {id}: erased, but something that names them is kept",
        """SELECT p.id FROM person p WHERE p.id = ANY($1) AND p.erased_at IS NOT NULL AND (
             p.name <> '' OR p.password_hash IS NOT NULL OR p.birthday IS NOT NULL
             OR EXISTS (SELECT FROM address a WHERE a.person = p.id)
             OR EXISTS (SELECT FROM invoice_address i WHERE i.person = p.id)
             OR EXISTS (SELECT FROM passkey k WHERE k.person = p.id)
             OR EXISTS (SELECT FROM authenticator f WHERE f.person = p.id)
             OR EXISTS (SELECT FROM session s WHERE s.person = p.id AND s.ended_at IS NULL))""",
        each="person",
    ),
)

REFERENCES = references(
    (
        Operator,
        Session,
        SignInLink,
        EmailConfirmation,
        IdentityCode,
        Passkey,
        Authenticator,
        RecoveryCode,
        Address,
        InvoiceAddress,
        ApiKey,
    ),
    [(ApiKey.made_by, "person")],
)
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    return await invariant_walks.sentences(RULES)
