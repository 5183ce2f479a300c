"""The rows of fee guarantees and of places on plans. Amounts are minor units."""

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import Plan


class FeeGuarantee(Table):
    """One term of one payer, as promised when it was paid: what they do not save becomes store credit.

    `source_id` is the subscription or the term paid once, `until_at` when it was to end. Once it is settled: when it
    was over, what counted as its `fee`, what was `saved` and what was `given`. `why`: given, saved, refunded, erased.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, index=True)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict)
    source_id = UUID(default=None, index=True)
    starts_at = Timestamptz(default=None)
    until_at = Timestamptz(default=None)
    currency = Varchar(length=3)
    over_at = Timestamptz(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    fee = BigInt(null=True, default=None)
    saved = BigInt(null=True, default=None)
    given = BigInt(null=True, default=None)
    why = Varchar(length=10, default="")


class GuaranteedFee(Table):
    """One payment of a guaranteed term; `payment` is its invoice, or the term paid once."""

    id = UUID(primary_key=True, default=None)
    guarantee = ForeignKey(references=FeeGuarantee, null=False, on_delete=OnDelete.restrict, index=True)
    payment = Varchar(length=80, unique=True)
    amount = BigInt()


class EarlyStart(Table):
    """What somebody who joined, or redeemed `gift`, answered to whether it should begin before the days to withdraw are
    over. `words` is what they read, `country` whose law asks for it. Rows are only added: the last before it began
    counts."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, index=True)
    plan_version = UUID(default=None)
    gift = UUID(null=True, default=None, index=True)
    is_wanted = Boolean(default=False)
    words = Text()
    language = Varchar(length=12, default="en")
    country = Varchar(length=2)
    at = Timestamptz(default=None)


class PlanPlace(Table):
    """Somebody's claim to a place on a plan with a number of them, beside the memberships themselves.

    `kind`: joining (the payment page is open) or waiting (they asked for a place, and have one for a while once
    `held_until` is set). `why_ended`: joined, left or lapsed.
    """

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict, index=True)
    person = UUID(default=None, index=True)
    kind = Varchar(length=8)
    asked_at = Timestamptz(default=None)
    offered_at = Timestamptz(null=True, default=None)
    held_until = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    why_ended = Varchar(length=8, default="")


_SETTLED = """CASE WHEN settled_at IS NULL THEN num_nonnulls(over_at, fee, saved, given) = 0 AND why = ''
  ELSE why IN ('given', 'saved', 'refunded', 'erased') AND num_nulls(fee, saved, given) = 0 AND given >= 0
    AND (given > 0) = (why = 'given') END"""

DDL: tuple[str, ...] = (
    f"ALTER TABLE fee_guarantee ADD CONSTRAINT fee_guarantee_settled CHECK ({_SETTLED})",
    "ALTER TABLE fee_guarantee ADD CONSTRAINT fee_guarantee_dates CHECK (until_at > starts_at)",
    "ALTER TABLE guaranteed_fee ADD CONSTRAINT guaranteed_fee_amount CHECK (amount > 0)",
    """ALTER TABLE plan_place ADD CONSTRAINT plan_place_sense CHECK (kind IN ('joining', 'waiting')
       AND (ended_at IS NULL) = (why_ended = '') AND (offered_at IS NULL OR held_until IS NOT NULL))""",
    "CREATE UNIQUE INDEX plan_place_once ON plan_place (plan, person, kind) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX fee_guarantee_once ON fee_guarantee (source_id, starts_at)",
    "CREATE INDEX fee_guarantee_open ON fee_guarantee (until_at) WHERE settled_at IS NULL",
)
