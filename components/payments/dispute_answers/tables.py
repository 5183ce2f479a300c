"""The rows of answers to disputes, and of what card issuers warn of."""

from piccolo.columns import JSON, UUID, Boolean, Bytea, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class DisputeDraft(Table):
    """Evidence as staff saved it; the one with the highest number is what is sent. Rows are only added: its history.

    `fields` are Stripe's names and texts; emptied when the person it is about is erased.
    """

    id = UUID(primary_key=True, default=None)
    dispute = Varchar(length=100, index=True)
    number = Integer(default=1)
    fields = JSON()
    saved_at = Timestamptz(default=None)
    saved_by = UUID(null=True, default=None)


class DisputeFile(Table):
    """A file for the bank, one for each of Stripe's fields. It is at Stripe once `stripe_id` says so.

    `name` and `content` are emptied when the person it is about is erased.
    """

    id = UUID(primary_key=True, default=None)
    dispute = Varchar(length=100, index=True)
    field = Varchar(length=40)
    name = Varchar(length=120)
    media = Varchar(length=20)
    size = Integer()
    content = Bytea()
    stripe_id = Varchar(length=100, null=True, default=None)
    added_at = Timestamptz(default=None)
    added_by = UUID(null=True, default=None)
    removed_at = Timestamptz(null=True, default=None)


class DisputeAnswer(Table):
    """Evidence that was submitted, or a dispute that was accepted. The row exists before Stripe is called.

    `kind`: evidence, acceptance. `turn` counts how often evidence had been submitted before: a bank may ask again.
    `outcome`: empty while nobody knows, done, refused; `why` is Stripe's reason. `files` are the ids of
    what went along.
    """

    id = UUID(primary_key=True, default=None)
    dispute = Varchar(length=100, index=True)
    turn = Integer(default=0)
    kind = Varchar(length=12)
    draft = UUID(null=True, default=None)
    asked_at = Timestamptz(default=None)
    asked_by = UUID(null=True, default=None)
    outcome = Varchar(length=12, default="")
    settled_at = Timestamptz(null=True, default=None)
    why = Text(default="")
    files = JSON(default="[]")


class MirroredFraudWarning(Table):
    """A card's issuer says that a payment may be fraudulent. `is_actionable` while it is neither disputed nor refunded
    in full; `decided_at` when staff have left it as it is, and `words` is what they noted."""

    stripe_id = Varchar(length=100, primary_key=True, default=None)
    payment_intent = Varchar(length=100, index=True)
    reference_id = UUID(default=None, index=True)
    fraud_type = Varchar(length=60)
    is_actionable = Boolean(default=False)
    created_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = UUID(null=True, default=None)
    words = Text(default="")


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX dispute_file_one_a_field ON dispute_file (dispute, field) WHERE removed_at IS NULL",
    "CREATE UNIQUE INDEX dispute_draft_number ON dispute_draft (dispute, number)",
    "CREATE UNIQUE INDEX dispute_answer_once ON dispute_answer (dispute, turn) WHERE outcome <> 'refused'",
    """ALTER TABLE dispute_answer ADD CONSTRAINT dispute_answer_known CHECK (kind IN ('evidence', 'acceptance')
       AND outcome IN ('', 'done', 'refused') AND (outcome = '') = (settled_at IS NULL))""",
)
