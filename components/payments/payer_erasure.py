"""What payments know of a person beside the sums: the e-mail of their pages, what Stripe has told, and evidence."""

from uuid import UUID

from components.foundation import database
from components.foundation.languages.words import _
from components.payments import references
from components.people.facts import PersonErased


async def erase_payer(fact: PersonErased) -> None:
    """What has been handled is emptied; that it arrived stays. Before their customer is removed; may run twice."""
    customer = await references.stripe_id_of("customer", fact.person_id) or ""
    async with database.transaction():
        theirs = await database.fetch_values(_REFERENCES, customer, fact.person_id, fact.email_digest)
        for statement in _EMPTY_WORDS:
            await database.execute(statement, theirs)
        await database.execute(_EMPTY_EVENTS, customer, fact.person_id, fact.email_digest, theirs)
        await database.execute(_EMPTY_SESSIONS, fact.person_id, fact.email_digest, theirs)


async def unsettled(person_id: UUID) -> str | None:
    """Money of theirs that is still on its way, or that a bank is deciding about."""
    if await database.fetch_value(_DISPUTED, person_id):
        return _("Your bank is still deciding about a payment here. We need to know who you are until then.")
    if await database.fetch_value(_ON_ITS_WAY, person_id):
        return _("A payment of yours is still on its way.")
    if await database.fetch_value(_BACK, person_id):
        return _("A refund to you is still on its way.")
    return None


_PAID_FOR = "(SELECT reference_id FROM checkout_session WHERE person_id = $1)"
_DISPUTED = f"""SELECT EXISTS (SELECT FROM mirrored_dispute WHERE reference_id IN {_PAID_FOR}
  AND status NOT IN ('won', 'lost', 'warning_closed'))"""
_ON_ITS_WAY = f"""SELECT EXISTS (SELECT FROM checkout_session WHERE person_id = $1 AND status = 'complete'
  AND paid_at IS NULL AND failed_at IS NULL AND purpose <> 'card'
  AND payment_status NOT IN ('paid', 'no_payment_required'))
  OR EXISTS (SELECT FROM billing_request WHERE subject IN {_PAID_FOR} AND settled_at IS NULL)"""
_BACK = f"""SELECT EXISTS (SELECT FROM mirrored_refund WHERE reference_id IN {_PAID_FOR} AND status = 'pending')
  OR EXISTS (SELECT FROM requested_refund
    WHERE reference_id IN {_PAID_FOR} AND stripe_id IS NULL AND refused IS NULL)"""
_THEIRS = "(person_id = {person} OR encode(sha256(convert_to(email, 'UTF8')), 'hex') = {digest})"
_REFERENCES = f"""
SELECT reference_id FROM checkout_session WHERE {_THEIRS.format(person="$2", digest="$3")}
UNION SELECT along FROM checkout_session WHERE along IS NOT NULL AND {_THEIRS.format(person="$2", digest="$3")}
UNION SELECT local_id FROM mirrored_subscription WHERE customer = $1 AND $1 <> '' AND local_id IS NOT NULL
"""
"""Orders, subscriptions, gifts and memberships paid once that they have paid for."""
_EMPTY_WORDS = (
    """UPDATE mirrored_payment SET failure = '' WHERE failure <> '' AND (reference_id = ANY($1)
       OR invoice IN (SELECT stripe_id FROM mirrored_invoice WHERE local_id = ANY($1)))""",
    "UPDATE mirrored_invoice SET receipt_url = NULL WHERE local_id = ANY($1)",
    "UPDATE mirrored_subscription SET card_brand = '', card_last4 = '', card_expires = '' WHERE local_id = ANY($1)",
    "UPDATE mirrored_refund SET failure = '' WHERE reference_id = ANY($1)",
    "UPDATE mirrored_dispute SET words = '' WHERE reference_id = ANY($1)",
    "UPDATE mirrored_fraud_warning SET words = '' WHERE reference_id = ANY($1)",
    """UPDATE dispute_draft SET fields = '{}' WHERE dispute IN (SELECT stripe_id FROM mirrored_dispute
       WHERE reference_id = ANY($1))""",
    """UPDATE dispute_file SET name = '', content = '' WHERE dispute IN (SELECT stripe_id FROM mirrored_dispute
       WHERE reference_id = ANY($1))""",
    """UPDATE dispute_answer SET why = '' WHERE dispute IN (SELECT stripe_id FROM mirrored_dispute
       WHERE reference_id = ANY($1))""",
    "UPDATE mismatch SET words = '' WHERE reference_id = ANY($1)",
    """UPDATE requested_refund SET refused = 'Erased' WHERE reference_id = ANY($1) AND refused IS NOT NULL""",
    """UPDATE billing_request SET params = '{}', why = '' WHERE subject = ANY($1) AND settled_at IS NOT NULL""",
    """UPDATE stripe_difference SET here = '', there = '', result = '', words = '' WHERE about = ANY($1)""",
)
"""What staff, banks and Stripe said about it. The receipts of Stripe have a page that names the payer."""
_EMPTY_EVENTS = f"""
UPDATE inbox_event SET payload = '{{}}', why = '' WHERE handled_at IS NOT NULL AND (
  ($1 <> '' AND (object_id = $1 OR payload -> 'data' -> 'object' ->> 'customer' = $1))
  OR object_id IN (SELECT stripe_session_id FROM checkout_session
    WHERE stripe_session_id IS NOT NULL AND {_THEIRS.format(person="$2", digest="$3")})
  OR object_id IN (SELECT payment_intent FROM checkout_session
    WHERE payment_intent IS NOT NULL AND {_THEIRS.format(person="$2", digest="$3")})
  OR object_id IN (SELECT stripe_id FROM mirrored_invoice WHERE local_id = ANY($4)))
"""
_EMPTY_SESSIONS = f"""
UPDATE checkout_session SET email = '', request = '{{}}', url = NULL WHERE status <> 'creating'
AND ({_THEIRS.format(person="$1", digest="$2")} OR reference_id = ANY($3))
"""
