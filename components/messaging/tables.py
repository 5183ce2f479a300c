from piccolo.columns import JSONB, UUID, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Email(Table):
    """One e-mail the shop sends, rendered once; `key` makes sure it is created only once.

    Tokens and codes are never in `html` and `text`, which hold placeholders instead: the values
    are in `secrets`, encrypted, until it is sent or they have expired. `handed_over_at` is noted before
    the mail server is given it: without `sent_at` or a refusal after it, nobody knows whether it arrived. `invoice` is
    the one that goes with it as PDF. `unsubscribe` is the path that ends such e-mails: marketing alone has one, and of
    marketing the text goes, at `emptied_at`; and of what named somebody to others who was erased since.
    """

    id = UUID(primary_key=True, default=None)
    key = Varchar(length=200, unique=True)
    person = UUID(null=True, default=None, index=True)
    recipient = Varchar(length=254, index=True)
    reply_to = Varchar(length=254, default="")
    template = Varchar(length=60, index=True)
    subject = Varchar(length=300)
    html = Text()
    text = Text()
    placeholder_values = JSONB(null=True, default=None)
    language = Varchar(length=12, default="en")
    secrets = JSONB(null=True, default=None, secret=True)
    secrets_until = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    handed_over_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    tries = Integer(default=0)
    failed_at = Timestamptz(null=True, default=None)
    failure = Varchar(length=500, default="")
    invoice = UUID(null=True, default=None)
    unsubscribe = Varchar(length=120, default="")
    emptied_at = Timestamptz(null=True, default=None)


class EmailTextVersion(Table):
    """What staff wrote for one kind of e-mail in one language; the highest number is sent. Rows are append-only.

    An original has no text: the built-in one is sent.
    """

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=60)
    number = Integer()
    subject = Text(default="")
    body = Text(default="")
    is_original = Boolean(default=False)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    language = Varchar(length=12, default="en")


class EmailTextTrouble(Table):
    """That a version could not be used when an e-mail was sent, so that the built-in text was; once a version."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=60)
    number = Integer()
    words = Varchar(length=300)
    at = Timestamptz(default=None)
    language = Varchar(length=12, default="en")


class CancellationNotice(Table):
    """That somebody, signed in or not, has cancelled a membership in writing: what they typed, and when it came.

    `outcome` once it is settled: by the "member", who confirmed that it is theirs, or by "staff". Without `wanted_on`
    it is for the earliest possible date.
    """

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    name = Varchar(length=120)
    email = Varchar(length=254)
    plan = Varchar(length=120)
    kind = Varchar(length=20)
    reason = Text(default="")
    wanted_on = Date(null=True, default=None)
    language = Varchar(length=12, default="en")
    settled_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=10, default="")


class Withdrawal(Table):
    """That somebody, signed in or not, has withdrawn from a contract: what they typed, and when it came.

    `about` is an "order" (its items), a "membership", or "both": an order and the membership joined with it. `number`
    is the order's number or the membership's name, `items` which part of it, "" for all. `outcome` once staff have seen
    to it: "done" or "refused".
    """

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None)
    name = Varchar(length=120)
    email = Varchar(length=254)
    about = Varchar(length=20)
    number = Varchar(length=120)
    items = Text(default="")
    language = Varchar(length=12, default="en")
    settled_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=10, default="")


DDL: tuple[str, ...] = (
    "CREATE INDEX cancellation_notice_open ON cancellation_notice (at) WHERE settled_at IS NULL",
    """ALTER TABLE cancellation_notice ADD CONSTRAINT cancellation_notice_is_settled
       CHECK ((settled_at IS NULL) = (outcome = '') AND kind IN ('ordinary', 'extraordinary'))""",
    "CREATE VIEW insights_cancellation_notices AS SELECT id, at, settled_at FROM cancellation_notice",
    "CREATE INDEX withdrawal_open ON withdrawal (at) WHERE settled_at IS NULL",
    """ALTER TABLE withdrawal ADD CONSTRAINT withdrawal_is_settled
       CHECK ((settled_at IS NULL) = (outcome = '') AND about IN ('order', 'membership', 'both')
         AND outcome IN ('', 'done', 'refused'))""",
    "CREATE VIEW insights_withdrawals AS SELECT id, at, settled_at FROM withdrawal",
    "CREATE INDEX email_newest ON email (created_at DESC, id DESC)",
    "CREATE INDEX email_secrets_expiring ON email (secrets_until) WHERE secrets IS NOT NULL",
    "CREATE VIEW insights_emails AS SELECT id, key, template, created_at, sent_at, failed_at FROM email",
    "CREATE VIEW campaigns_emails AS SELECT key, sent_at, failed_at FROM email",
    """CREATE INDEX email_marketing_text ON email (created_at)
       WHERE unsubscribe <> '' AND emptied_at IS NULL""",
    """CREATE INDEX email_latest_of_kind ON email (template, language, created_at DESC)
       WHERE placeholder_values IS NOT NULL""",
    "CREATE UNIQUE INDEX email_text_version_number ON email_text_version (kind, language, number)",
    "CREATE UNIQUE INDEX email_text_trouble_version ON email_text_trouble (kind, language, number)",
    """CREATE TRIGGER email_text_version_is_append_only BEFORE UPDATE OR DELETE ON email_text_version
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE FUNCTION tell_of_email_texts() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('email_texts', ''); RETURN NULL; END $$""",
    """CREATE TRIGGER email_text_version_is_told AFTER INSERT OR UPDATE OR DELETE ON email_text_version
       FOR EACH STATEMENT EXECUTE FUNCTION tell_of_email_texts()""",
    """CREATE VIEW insights_email_text_troubles AS
       SELECT t.kind, t.language, t.number, t.words, t.at FROM email_text_trouble t
       WHERE NOT EXISTS (SELECT FROM email_text_version v
         WHERE v.kind = t.kind AND v.language = t.language AND v.number > t.number)""",
)
