"""Invariants of the ledger, checked in the database."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.ledger.tables import Account, Entry, Lot, Posting

RULES = (
    Invariant(
        "a posting sums to zero",
        "Posting {cause}: its entries come to {sum}",
        """SELECT p.cause, coalesce(sum(e.amount), 0)::bigint AS sum FROM ledger_posting p
           LEFT JOIN ledger_entry e ON e.posting = p.id WHERE p.id = ANY($1)
           GROUP BY p.id HAVING coalesce(sum(e.amount), 1) <> 0""",
        each="ledger_posting",
    ),
    Invariant(
        "a balance is what its entries come to",
        "Account {kind} of {person}: {balance} stand in it, its entries come to {sum}",
        """SELECT a.kind, a.person, a.balance, coalesce(sum(e.amount), 0)::bigint AS sum FROM ledger_account a
           LEFT JOIN ledger_entry e ON e.account = a.id WHERE a.id = ANY($1) AND a.person IS NOT NULL
           GROUP BY a.id HAVING coalesce(sum(e.amount), 0) <> a.balance""",
        each="ledger_account",
    ),
    Invariant(
        "a lot is what its entries come to",
        "Lot {id}: {remaining} to spend and {pending} pending, its entries come to {left} and {waiting}",
        """SELECT l.id, l.remaining, l.pending, s.remaining AS left, s.waiting FROM ledger_lot l CROSS JOIN LATERAL (
             SELECT coalesce(sum(e.amount) FILTER (WHERE a.kind = l.kind), 0)::bigint AS remaining,
               coalesce(sum(e.amount) FILTER (WHERE a.kind = 'cashback_pending'), 0)::bigint AS waiting
             FROM ledger_entry e JOIN ledger_account a ON a.id = e.account WHERE e.lot = l.id) s
           WHERE l.id = ANY($1) AND (s.remaining <> l.remaining OR s.waiting <> l.pending)""",
        each="ledger_lot",
    ),
    Invariant(
        "a posting moves one person's money",
        "Posting {cause}: it moves money of somebody else",
        """SELECT DISTINCT p.cause FROM ledger_posting p JOIN ledger_entry e ON e.posting = p.id
           JOIN ledger_account a ON a.id = e.account JOIN ledger_lot l ON l.id = e.lot
           WHERE p.id = ANY($1) AND (l.person <> p.person OR (a.person IS NOT NULL AND a.person <> p.person))""",
        each="ledger_posting",
    ),
    Invariant(
        "no more credit comes back than was spent",
        "Order {order_id}: {over} more in store credit given back than was spent on it",
        """SELECT p.because_of AS order_id, -sum(e.amount)::bigint AS over FROM ledger_posting p
           JOIN ledger_entry e ON e.posting = p.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'spent'
           WHERE p.because_of IN (SELECT because_of FROM ledger_posting WHERE id = ANY($1))
           GROUP BY p.because_of HAVING sum(e.amount) < 0""",
        each="ledger_posting",
    ),
    Invariant(
        "no more credit is taken back than was given",
        "Credit {words}: {back} taken back of {amount} given",
        """SELECT l.words, l.amount, l.amount + sum(e.amount)::bigint AS back FROM ledger_lot l
           JOIN ledger_entry e ON e.lot = l.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'credit_given'
           WHERE l.id = ANY($1) AND l.kind = 'store_credit'
           GROUP BY l.id HAVING l.amount + sum(e.amount) NOT BETWEEN 0 AND l.amount""",
        each="ledger_lot",
    ),
    Invariant(
        "no more cashback is taken back than was earned",
        "Cashback of order {order_id}: {back} taken back of {amount} earned",
        """SELECT l.order_id, l.amount, l.amount + sum(e.amount)::bigint AS back FROM ledger_lot l
           JOIN ledger_entry e ON e.lot = l.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'cashback_given'
           WHERE l.id = ANY($1) GROUP BY l.id HAVING l.amount + sum(e.amount) NOT BETWEEN 0 AND l.amount""",
        each="ledger_lot",
    ),
)

REFERENCES = references(
    (Account, Lot, Posting, Entry),
    [
        (Account.person, "person"), (Lot.person, "person"), (Lot.benefit, "benefit"), (Lot.order_id, "orders"),
        (Posting.person, "person"),
    ],
)  # fmt: skip
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """Every violation as a sentence; an empty list when there is none."""
    return await invariant_walks.sentences(RULES)
