from piccolo.columns import UUID, BigInt, ForeignKey, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Account(Table, tablename="ledger_account"):
    """Where money stands: a person's, by kind, or one of the shop's own, which has no person.

    `balance` follows the entries of a person's account by itself; the shop's accounts are added up when asked.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(null=True, default=None)
    kind = Varchar(length=24)
    currency = Varchar(length=3)
    balance = BigInt(default=0)


class Lot(Table, tablename="ledger_lot"):
    """Money that came in one go and runs out together. Of `kind` cashback or store credit, `amount` when it came.

    `pending` and `remaining` follow the entries by themselves. Cashback may be spent from `due_at`.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    kind = Varchar(length=24)
    benefit = UUID(null=True, default=None)
    order_id = UUID(null=True, default=None, index=True)
    words = Text()
    amount = BigInt()
    pending = BigInt(default=0)
    remaining = BigInt(default=0)
    given_at = Timestamptz(default=None)
    due_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)


class Posting(Table, tablename="ledger_posting"):
    """Entries that sum to zero, and why. `cause` is unique: doing the same thing twice is doing it once.

    `turn` is the order in which things were posted; `at` may be earlier, when something had become due before.
    """

    id = UUID(primary_key=True, default=None)
    cause = Varchar(length=160, unique=True)
    kind = Varchar(length=20)
    person = UUID(default=None)
    because_of = UUID(null=True, default=None, index=True)
    words = Text()
    at = Timestamptz(default=None)
    turn = BigInt()


class Entry(Table, tablename="ledger_entry"):
    """One side of a posting, in minor units. Rows are only ever added."""

    id = UUID(primary_key=True, default=None)
    posting = ForeignKey(references=Posting, null=False, on_delete=OnDelete.restrict, index=True)
    account = ForeignKey(references=Account, null=False, on_delete=OnDelete.restrict, index=True)
    lot = ForeignKey(references=Lot, null=False, on_delete=OnDelete.restrict, index=True)
    amount = BigInt()


_CHECKS = (
    "CREATE SEQUENCE ledger_turn",
    """ALTER TABLE ledger_account ADD CONSTRAINT ledger_balance_is_on_its_side CHECK (
       person IS NULL OR CASE WHEN kind = 'owed' THEN balance <= 0 ELSE balance >= 0 END)""",
    """ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_kind CHECK (kind IN ('cashback_pending', 'cashback',
       'store_credit', 'reserved', 'owed', 'cashback_given', 'credit_given', 'spent', 'expired'))""",
    """ALTER TABLE ledger_lot ADD CONSTRAINT ledger_lot_is_not_negative
       CHECK (amount > 0 AND pending >= 0 AND remaining >= 0 AND kind IN ('cashback', 'store_credit'))""",
    "ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_moves_something CHECK (amount <> 0)",
    """CREATE UNIQUE INDEX ledger_account_of_person ON ledger_account (person, kind, currency)
       WHERE person IS NOT NULL""",
    "CREATE UNIQUE INDEX ledger_account_of_shop ON ledger_account (kind, currency) WHERE person IS NULL",
    "CREATE INDEX ledger_posting_of_person ON ledger_posting (person, at)",
    "CREATE INDEX ledger_lot_to_spend ON ledger_lot (person, expires_at) WHERE remaining > 0",
    "CREATE INDEX ledger_lot_due ON ledger_lot (due_at) WHERE pending > 0",
    "CREATE INDEX ledger_lot_expiring ON ledger_lot (expires_at) WHERE remaining > 0",
)

_SUMS = (
    """CREATE FUNCTION ledger_posting_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE which uuid; found bigint; sides bigint; currencies bigint;
       BEGIN
         IF TG_TABLE_NAME = 'ledger_posting' THEN which := NEW.id; ELSE which := NEW.posting; END IF;
         SELECT sum(e.amount), count(*), count(DISTINCT a.currency) INTO found, sides, currencies
           FROM ledger_entry e JOIN ledger_account a ON a.id = e.account WHERE e.posting = which;
         IF sides < 2 OR found <> 0 OR currencies <> 1 THEN
           RAISE EXCEPTION 'posting % does not sum to zero', which USING ERRCODE = 'check_violation';
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_posting_sums_to_zero AFTER INSERT ON ledger_posting
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_posting_sums_to_zero()""",
    """CREATE CONSTRAINT TRIGGER ledger_entry_sums_to_zero AFTER INSERT ON ledger_entry
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_posting_sums_to_zero()""",
)

# Balances of accounts and lots are never written by hand: they follow the entries.
_FOLLOWING = (
    """CREATE FUNCTION ledger_balances_follow() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE of_kind text;
       BEGIN
         UPDATE ledger_account SET balance = balance + NEW.amount
           WHERE id = NEW.account AND person IS NOT NULL RETURNING kind INTO of_kind;
         IF of_kind = 'cashback_pending' THEN
           UPDATE ledger_lot SET pending = pending + NEW.amount WHERE id = NEW.lot;
         ELSIF of_kind IN ('cashback', 'store_credit') THEN
           UPDATE ledger_lot SET remaining = remaining + NEW.amount WHERE id = NEW.lot;
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER ledger_balances_follow AFTER INSERT ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION ledger_balances_follow()""",
)

_KEPT = tuple(
    f"""CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_change()"""
    for table in ("ledger_entry",)
)
_WORDS_GO = (
    """CREATE FUNCTION ledger_posting_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'UPDATE' AND NEW.words = '' AND to_jsonb(NEW) - 'words' = to_jsonb(OLD) - 'words' THEN
           RETURN NEW;
         END IF;
         RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
       END $$""",
    """CREATE TRIGGER ledger_posting_is_append_only BEFORE UPDATE OR DELETE ON ledger_posting
       FOR EACH ROW EXECUTE FUNCTION ledger_posting_is_kept()""",
)
"""Postings stay, but of somebody who is erased not what was written about them."""

# What insights and segments read of the ledger.
_VIEWS = (
    "CREATE VIEW segments_credit_lots AS SELECT person, remaining, expires_at FROM ledger_lot WHERE remaining > 0",
    """CREATE VIEW insights_credit_lots AS
       SELECT id, person, benefit, given_at, kind, order_id, words, amount, pending, remaining, due_at, expires_at
       FROM ledger_lot""",
    "CREATE VIEW insights_ledger_postings AS SELECT id, kind, person, because_of, at, words, turn FROM ledger_posting",
    """CREATE VIEW insights_ledger_entries AS
       SELECT e.posting, e.lot, a.kind AS account_kind, e.amount, a.currency, e.account
       FROM ledger_entry e JOIN ledger_account a ON a.id = e.account""",
    """CREATE VIEW insights_ledger_balances AS
       SELECT id, person, kind, currency, balance FROM ledger_account WHERE person IS NOT NULL""",
)

_CHANGES = (
    """CREATE TRIGGER ledger_entry_changes_a_day AFTER INSERT ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION figure_lot_changed()""",
    "CREATE INDEX ledger_lot_owed ON ledger_lot (given_at, id) WHERE pending > 0 OR remaining > 0",
    "CREATE INDEX ledger_lot_by_expiry ON ledger_lot (expires_at) WHERE expires_at IS NOT NULL",
    "CREATE INDEX ledger_account_currencies ON ledger_account (currency) WHERE person IS NOT NULL",
    "CREATE INDEX ledger_account_reserved ON ledger_account (id) WHERE kind = 'reserved' AND balance > 0",
    "CREATE INDEX ledger_lot_given ON ledger_lot (given_at)",
    "CREATE INDEX ledger_lot_of_person ON ledger_lot (person, given_at)",
)
"""What insights' kept figures have to hear of."""

DDL: tuple[str, ...] = (*_CHECKS, *_SUMS, *_FOLLOWING, *_KEPT, *_WORDS_GO, *_VIEWS, *_CHANGES)
