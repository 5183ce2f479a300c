"""The rows of store credit on renewals. Amounts are minor units."""

from piccolo.columns import UUID, BigInt, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import Subscription


class RenewalCredit(Table):
    """What store credit pays of one invoice. `id` is what the ledger reserves and spends it for.

    `status`: reserved (in the ledger, and perhaps not yet on the invoice), placed (on it), spent (the invoice is
    paid), released (the member has it back: void, final without it, or nobody will collect it).
    """

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    person = UUID(default=None, index=True)
    invoice = Varchar(length=100, unique=True)
    amount = BigInt()
    currency = Varchar(length=3)
    status = Varchar(length=10, default="reserved")
    at = Timestamptz(default=None)
    settled_at = Timestamptz(null=True, default=None)


class RenewalCreditChoice(Table):
    """Who wants their store credit to pay for renewals, and since when."""

    person = UUID(primary_key=True, default=None)
    since = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE renewal_credit ADD CONSTRAINT renewal_credit_is_sensible CHECK (amount > 0
       AND status IN ('reserved', 'placed', 'spent', 'released')
       AND (settled_at IS NULL) = (status IN ('reserved', 'placed')))""",
    "CREATE INDEX renewal_credit_open ON renewal_credit (at) WHERE settled_at IS NULL",
    """CREATE VIEW insights_renewal_credits AS
       SELECT id, subscription, person, invoice, amount, currency, status FROM renewal_credit""",
)
