"""Runs that adopt members of an earlier system, their rows, and which plan each price becomes."""

from piccolo.columns import JSON, UUID, Array, BigInt, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Adoption(Table):
    """One run, from a file or from Stripe (`content` is null then). `cursor` is how far Stripe's list has been read.

    `state`: reading, read, adopting, done, cancelled, undoing, undone, failed. What staff said when they began it:
    `old_stopped`, that the earlier software bills no more, `tells` (e-mail those who were adopted) and `asks` (those
    without a card to join again). `begun_by` and `undone_by` are who said so.
    """

    id = UUID(primary_key=True, default=None)
    source = Varchar(length=12)
    name = Varchar(length=200)
    content = Bytea(null=True, default=None)
    state = Varchar(length=10, default="reading")
    cursor = Varchar(length=100, default="")
    done = Integer(default=0)
    total = Integer(default=0)
    why = Text(default="")
    created_at = Timestamptz(default=None)
    started_by = UUID(default=None)
    begun_at = Timestamptz(null=True, default=None)
    begun_by = UUID(null=True, default=None)
    undone_by = UUID(null=True, default=None)
    heard_at = Timestamptz(default=None)
    old_stopped = Boolean(default=False)
    tells = Boolean(default=False)
    asks = Boolean(default=False)


class AdoptionPlan(Table):
    """A price, product or level of the earlier system, and the plan its members get: the `version` keeps the price.

    `price` is Stripe's, where it is billed there. `is_settled`: an earlier run has said which plan it is.
    """

    id = UUID(primary_key=True, default=None)
    run = ForeignKey(references=Adoption, null=False, on_delete=OnDelete.cascade, index=True)
    key = Varchar(length=300)
    title = Varchar(length=200)
    price = Varchar(length=100, default="")
    amount = BigInt(null=True, default=None)
    currency = Varchar(length=3, default="")
    interval = Varchar(length=8, default="")
    interval_count = Integer(default=1)
    plan = UUID(null=True, default=None)
    version = UUID(null=True, default=None)
    made_version = Boolean(default=False)
    is_settled = Boolean(default=False)


class AdoptionRow(Table):
    """One subscription or member there. `verdict` is what would become of it, `outcome` what has.

    `outcome`: "" (nothing yet), adopting (under way), adopted, moved, until, given, skipped, failed, undone, kept (used
    since, so not undone). `local` is our subscription, or the membership that nobody bills; `holder_before` the
    person's own customer at Stripe until then.
    """

    id = UUID(primary_key=True, default=None)
    run = ForeignKey(references=Adoption, null=False, on_delete=OnDelete.cascade, index=True)
    position = Integer()
    line = Integer(default=0)
    key = Varchar(length=100)
    email = Varchar(length=254, index=True)
    name = Varchar(length=200)
    plan_key = Varchar(length=300)
    facts = JSON()
    verdict = Varchar(length=20)
    notes = Array(base_column=Varchar(length=20), default=list)
    outcome = Varchar(length=10, default="")
    why = Text(default="")
    person = UUID(null=True, default=None, index=True)
    made_person = Boolean(default=False)
    local = UUID(null=True, default=None)
    stripe_id = Varchar(length=100, default="")
    customer = Varchar(length=100, default="")
    holder_before = Varchar(length=100, null=True, default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE adoption ADD CONSTRAINT adoption_state CHECK (state IN
       ('reading', 'read', 'adopting', 'done', 'cancelled', 'undoing', 'undone', 'failed'))""",
    "CREATE UNIQUE INDEX adoption_row_place ON adoption_row (run, position)",
    "CREATE UNIQUE INDEX adoption_row_key ON adoption_row (run, key)",
    "CREATE UNIQUE INDEX adoption_plan_key ON adoption_plan (run, key)",
    "CREATE UNIQUE INDEX adoption_row_local ON adoption_row (local) WHERE local IS NOT NULL",
    """ALTER TABLE adoption_row ADD CONSTRAINT adoption_row_outcome CHECK (outcome IN ('', 'adopting', 'adopted',
       'moved', 'until', 'given', 'skipped', 'failed', 'undone', 'kept'))""",
)
