"""What staff are told once about fees that were set before."""

from piccolo.columns import UUID, Timestamptz
from piccolo.table import Table


class FeeNotice(Table):
    """Fees that were set before `at` in a shop whose prices are without tax: since then their tax is in them.

    Written by the upgrade alone, where there were any. `read_at`: an owner has read it, and it is not shown again.
    """

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    read_at = Timestamptz(null=True, default=None)
    read_by = UUID(null=True, default=None)


DDL: tuple[str, ...] = (
    "ALTER TABLE fee_notice ADD CONSTRAINT fee_notice_read CHECK ((read_at IS NULL) = (read_by IS NULL))",
)
