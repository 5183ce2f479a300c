"""The rows of insights."""

from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar
from piccolo.table import Table


class Movement(Table):
    """One change of what one person pays a month. Rows are only ever added; their sum is the MRR, to the penny.

    `amount` is signed, in minor units a month; `balance` is what she pays a month from `at` on; `turn` counts her movements.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    turn = Integer()
    kind = Varchar(length=12)
    amount = BigInt()
    balance = BigInt()
    because = Varchar(length=20, default="")
    at = Timestamptz(default=None, index=True)
    noted_at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX movement_turns ON movement (person, turn)",
    """ALTER TABLE movement ADD CONSTRAINT movement_kind CHECK (kind IN
       ('new', 'expansion', 'contraction', 'churn', 'reactivation', 'pause', 'resume'))""",
    "ALTER TABLE movement ADD CONSTRAINT movement_amount CHECK (amount <> 0 AND balance >= 0)",
    """CREATE TRIGGER movement_is_append_only BEFORE UPDATE OR DELETE ON movement
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)
