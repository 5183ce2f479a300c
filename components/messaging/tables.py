from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Email(Table):
    """One e-mail the shop sends, rendered once; `key` makes sure it is created only once.

    Tokens and codes are never in `html` and `text`, which hold placeholders instead: the values
    are in `secrets`, encrypted, until it is sent or they have expired. `handed_over_at` is noted before
    the mail server is given it: without `sent_at` or a refusal after it, nobody knows whether it arrived.
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
    secrets = JSONB(null=True, default=None, secret=True)
    secrets_until = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    handed_over_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    tries = Integer(default=0)
    failed_at = Timestamptz(null=True, default=None)
    failure = Varchar(length=500, default="")


DDL: tuple[str, ...] = (
    "CREATE INDEX email_newest ON email (created_at DESC, id DESC)",
    "CREATE INDEX email_secrets_expiring ON email (secrets_until) WHERE secrets IS NOT NULL",
    "CREATE VIEW insights_emails AS SELECT id, key, template, created_at, sent_at, failed_at FROM email",
)
