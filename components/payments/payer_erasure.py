"""What payments know of a person beside the sums: the e-mail of their pages, what Stripe has told of them, and drafts
of evidence."""

from components.foundation import database
from components.payments import references
from components.people.facts import PersonErased


async def erase_payer(fact: PersonErased) -> None:
    """What has been handled is emptied; that it arrived stays. Before their customer is removed; may run twice."""
    customer = await references.stripe_id_of("customer", fact.person_id) or ""
    async with database.transaction():
        await database.execute(_EMPTY_EVENTS, customer, fact.person_id, fact.email_digest)
        await database.execute(_EMPTY_DRAFTS, fact.person_id, fact.email_digest)
        await database.execute(_EMPTY_SESSIONS, fact.person_id, fact.email_digest)


_THEIRS = "(person_id = {person} OR encode(sha256(convert_to(email, 'UTF8')), 'hex') = {digest})"
_EMPTY_EVENTS = f"""
UPDATE inbox_event SET payload = '{{}}' WHERE handled_at IS NOT NULL AND (
  ($1 <> '' AND (object_id = $1 OR payload -> 'data' -> 'object' ->> 'customer' = $1))
  OR object_id IN (SELECT stripe_session_id FROM checkout_session
    WHERE stripe_session_id IS NOT NULL AND {_THEIRS.format(person="$2", digest="$3")})
  OR object_id IN (SELECT payment_intent FROM checkout_session
    WHERE payment_intent IS NOT NULL AND {_THEIRS.format(person="$2", digest="$3")}))
"""
# Before the pages: a guest is known by their e-mail alone. What was sent is at Stripe.
_EMPTY_DRAFTS = f"""
UPDATE dispute_draft SET fields = '{{}}' WHERE dispute IN (SELECT stripe_id FROM mirrored_dispute WHERE reference_id IN
  (SELECT reference_id FROM checkout_session WHERE {_THEIRS.format(person="$1", digest="$2")}))
"""
_EMPTY_SESSIONS = f"""
UPDATE checkout_session SET email = '', request = '{{}}' WHERE status <> 'creating'
AND {_THEIRS.format(person="$1", digest="$2")}
"""
