"""Invariants of the ledger, checked in the database."""

from components.foundation import database

_CHECKS = (
    (
        "Posting {cause}: its entries come to {sum}",
        """SELECT p.cause, coalesce(sum(e.amount), 0)::bigint AS sum FROM ledger_posting p
           LEFT JOIN ledger_entry e ON e.posting = p.id GROUP BY p.id HAVING coalesce(sum(e.amount), 1) <> 0""",
    ),
    (
        "Account {kind} of {person}: {balance} stand in it, its entries come to {sum}",
        """SELECT a.kind, a.person, a.balance, coalesce(sum(e.amount), 0)::bigint AS sum FROM ledger_account a
           LEFT JOIN ledger_entry e ON e.account = a.id WHERE a.person IS NOT NULL
           GROUP BY a.id HAVING coalesce(sum(e.amount), 0) <> a.balance""",
    ),
    (
        "Account {kind} of {person}: {balance}",
        """SELECT kind, person, balance FROM ledger_account WHERE person IS NOT NULL
           AND CASE WHEN kind = 'owed' THEN balance > 0 ELSE balance < 0 END""",
    ),
    (
        "Lot {id}: {remaining} to spend and {pending} pending, its entries come to {left} and {waiting}",
        """SELECT l.id, l.remaining, l.pending, s.remaining AS left, s.waiting FROM ledger_lot l CROSS JOIN LATERAL (
             SELECT coalesce(sum(e.amount) FILTER (WHERE a.kind = l.kind), 0)::bigint AS remaining,
               coalesce(sum(e.amount) FILTER (WHERE a.kind = 'cashback_pending'), 0)::bigint AS waiting
             FROM ledger_entry e JOIN ledger_account a ON a.id = e.account WHERE e.lot = l.id) s
           WHERE s.remaining <> l.remaining OR s.waiting <> l.pending""",
    ),
    (
        "Posting {cause}: it moves money of somebody else",
        """SELECT DISTINCT p.cause FROM ledger_posting p JOIN ledger_entry e ON e.posting = p.id
           JOIN ledger_account a ON a.id = e.account JOIN ledger_lot l ON l.id = e.lot
           WHERE l.person <> p.person OR (a.person IS NOT NULL AND a.person <> p.person)""",
    ),
    (
        "Order {order_id}: {over} more in store credit given back than was spent on it",
        """SELECT p.because_of AS order_id, -sum(e.amount)::bigint AS over FROM ledger_posting p
           JOIN ledger_entry e ON e.posting = p.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'spent'
           GROUP BY p.because_of HAVING sum(e.amount) < 0""",
    ),
    (
        "Cashback of order {order_id}: {back} taken back of {amount} earned",
        """SELECT l.order_id, l.amount, l.amount + sum(e.amount)::bigint AS back FROM ledger_lot l
           JOIN ledger_entry e ON e.lot = l.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'cashback_given'
           GROUP BY l.id HAVING l.amount + sum(e.amount) NOT BETWEEN 0 AND l.amount""",
    ),
)


async def invariants() -> list[str]:
    """Every violation as a sentence; an empty list when there is none."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql + " LIMIT 20")]
    return broken
