"""The rows of keeping."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class KeptBackup(Table):
    """One backup that was begun: where it is, how large, and what came of restoring it.

    `failure` says why there is none; `proof_failure` why it could not be restored, the last time that was tried at
    `tried_at`. `proven_at` is when it was last restored with every row as it had been. `inconsistent` counts what was
    broken in the shop itself. `deleted_at`: its time was over.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120)
    place = Varchar(length=300)
    is_encrypted = Boolean(default=False)
    begun_at = Timestamptz(default=None, index=True)
    ended_at = Timestamptz(null=True, default=None)
    size = BigInt(default=0)
    failure = Text(default="")
    tried_at = Timestamptz(null=True, default=None)
    proven_at = Timestamptz(null=True, default=None)
    proof_failure = Text(default="")
    proof_seconds = Integer(default=0)
    proven_rows = BigInt(default=0)
    inconsistent = Integer(default=0)
    deleted_at = Timestamptz(null=True, default=None)
    by = UUID(null=True, default=None)


class MovedShop(Table):
    """That this shop was packed to be served elsewhere: nothing may be sold here any more. One row at most.

    The file that was packed was written before, so it does not hold this row.
    """

    is_moved = Boolean(primary_key=True, default=True)
    at = Timestamptz(default=None)
    moved_to = Varchar(length=200, default="")


DDL = (
    "ALTER TABLE moved_shop ADD CONSTRAINT moved_shop_is_one CHECK (is_moved)",
    """CREATE FUNCTION tell_of_moved_shop() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('moved_shop', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER moved_shop_is_told AFTER INSERT OR DELETE ON moved_shop
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_moved_shop()""",
    """ALTER TABLE kept_backup ADD CONSTRAINT kept_backup_proven_when_tried
    CHECK (proven_at IS NULL OR (proven_at <= tried_at AND ended_at IS NOT NULL AND failure = ''))""",
)
