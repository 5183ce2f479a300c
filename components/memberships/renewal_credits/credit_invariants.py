"""What must hold of store credit on renewals. What the ledger says of each row is in `insights.credit_invariants`."""

from components.foundation.consistency.invariant_rules import Invariant

RULES = (
    Invariant(
        "credit on a renewal is its payer's",
        "Store credit on invoice {invoice}: of somebody who doesn't pay for this membership.",
        """SELECT c.invoice FROM renewal_credit c JOIN subscription s ON s.id = c.subscription
        WHERE c.id = ANY($1) AND c.person <> s.payer""",
        each="renewal_credit",
    ),
    Invariant(
        "no more credit comes back than paid a renewal",
        "Store credit on invoice {invoice}: {back} refunded of {amount} that it paid.",
        """SELECT c.invoice, c.amount, sum(r.credit)::bigint AS back FROM renewal_credit c
        JOIN fee_refund r ON r.invoice = c.invoice AND r.status <> 'failed' WHERE c.id = ANY($1)
        GROUP BY c.id HAVING sum(r.credit) > CASE WHEN c.status = 'spent' THEN c.amount ELSE 0 END""",
        each="renewal_credit",
    ),
)
