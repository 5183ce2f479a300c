"""What must hold of consents."""

from components.consents.tables import ConsentChange
from components.foundation.consistency.invariant_rules import Invariant, references

RULES = (
    Invariant(
        "an address gets what its latest consent says",
        "Marketing e-mails: what {id} gets is not what its history says",
        """SELECT m.id FROM mailing_contact m WHERE m.id = ANY($1) AND ARRAY(SELECT kind::text FROM (
             SELECT DISTINCT ON (kind) kind, state FROM consent_change c WHERE c.contact = m.id
             ORDER BY kind, at DESC, id DESC) latest WHERE state = 'given' ORDER BY kind)
           <> ARRAY(SELECT unnest(m.agreed)::text ORDER BY 1)""",
        each="mailing_contact",
    ),
)

REFERENCES = references((ConsentChange,), [])
