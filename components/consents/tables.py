from piccolo.columns import UUID, Array, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class MailingContact(Table):
    """One address that was ever asked about marketing e-mails, of an account or a guest's; always the normalised form.

    `agreed` are the kinds it may be sent now: what its latest `ConsentChange` of each kind says. With
    `unreachable_at` nothing of the kind is sent, whatever was agreed: mail came back, or somebody complained.
    """

    id = UUID(primary_key=True, default=None)
    email = Varchar(length=254, unique=True)
    agreed = Array(base_column=Varchar(length=12), default=list)
    created_at = Timestamptz(default=None)
    unreachable_at = Timestamptz(null=True, default=None)
    unreachable_why = Varchar(length=12, default="")
    unreachable_words = Varchar(length=300, default="")


class ConsentChange(Table):
    """What somebody said of one kind of e-mail: "asked" (they still have to confirm it), "given" or "withdrawn".

    `how`: see `consent_words.HOW`. `person` was signed in, or is whom the shop knows by this address; `by` is staff,
    with a `reason`; `run` is the import whose file says it. Rows are never changed; they go when the person is erased.
    """

    id = UUID(primary_key=True, default=None)
    contact = ForeignKey(MailingContact, null=False)
    kind = Varchar(length=12)
    state = Varchar(length=10)
    at = Timestamptz(default=None)
    how = Varchar(length=16)
    person = UUID(null=True, default=None, index=True)
    by = UUID(null=True, default=None)
    reason = Text(default="")
    run = UUID(null=True, default=None, index=True)


class MailingRules(Table):
    """The one row of what the shop decides about marketing e-mails. `hook_number` counts the secrets of the webhook;
    after `keep_months` what an e-mail said is deleted.
    """

    id = Integer(primary_key=True, default=1)
    most = Integer(default=2)
    days = Integer(default=7)
    confirms = Varchar(length=10, default="country")
    hook_number = Integer(default=1)
    is_hook_open = Boolean(default=False)
    keep_months = Integer(default=12)


DDL: tuple[str, ...] = (
    "CREATE INDEX consent_change_latest ON consent_change (contact, kind, at DESC, id DESC)",
    """ALTER TABLE consent_change ADD CONSTRAINT consent_change_says CHECK (
       state IN ('asked', 'given', 'withdrawn') AND kind IN ('news', 'tips'))""",
    """ALTER TABLE mailing_contact ADD CONSTRAINT mailing_contact_is_reachable CHECK (
       (unreachable_at IS NULL) = (unreachable_why = '') AND unreachable_why IN ('', 'bounce', 'complaint'))""",
    """ALTER TABLE mailing_rules ADD CONSTRAINT mailing_rules_once CHECK (
       id = 1 AND most BETWEEN 1 AND 50 AND days BETWEEN 1 AND 90 AND confirms IN ('country', 'always')
       AND keep_months BETWEEN 1 AND 60)""",
    """CREATE TRIGGER consent_change_is_never_changed BEFORE UPDATE ON consent_change
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    "CREATE INDEX mailing_contact_agreed ON mailing_contact USING gin (agreed)",
    "CREATE VIEW segments_contacts AS SELECT email, agreed FROM mailing_contact",
    "CREATE VIEW campaigns_contacts AS SELECT id, email, agreed, unreachable_at, unreachable_why FROM mailing_contact",
    "CREATE VIEW campaigns_consent_changes AS SELECT contact, kind, state, at, how FROM consent_change",
)
