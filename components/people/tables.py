from piccolo.columns import (
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from components.foundation.postal import phone_numbers, postal_regions
from components.foundation.shop_settings import shop_settings


class Person(Table):
    """Anybody the shop knows by e-mail: customer, member or operator.

    `email` is always the normalised form. An erased person keeps the row, so that orders and the ledger still point at
    something, but nothing in it identifies them; `erasure_wanted_at`: it waits for something. `language` is the one
    they use, "" the shop's own. `personal_off_at`: they want nothing chosen from their orders.
    """

    id = UUID(primary_key=True, default=None)
    email = Varchar(length=254, unique=True)
    name = Varchar(length=200, default="")
    language = Varchar(length=12, default="")
    password_hash = Varchar(length=200, null=True, default=None, secret=True)
    email_confirmed_at = Timestamptz(null=True, default=None)
    birthday = Date(null=True, default=None)
    created_at = Timestamptz(default=None)
    personal_off_at = Timestamptz(null=True, default=None)
    erasure_wanted_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)


class Operator(Table):
    """A member of staff; an owner has every permission."""

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, unique=True)
    role = Varchar(length=10, default="staff")
    permissions = Array(base_column=Varchar(length=20), default=list)
    since = Timestamptz(default=None)


class Session(Table):
    """One browser signed in. Only the digest of its token is stored.

    `confirmed_at` and `confirmed_by`: when and how the person last showed that it is them.
    `awaits_factor`: the first step of signing in is done, the second is not; it opens nothing yet.
    """

    digest = Bytea(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    agent = Varchar(length=200, default="")
    address = Varchar(length=60, default="")
    confirmed_at = Timestamptz(null=True, default=None)
    confirmed_by = Varchar(length=12, default="")
    awaits_factor = Boolean(default=False)
    started_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class SignInLink(Table):
    """One e-mail with a link and a six-digit code; using either uses up both.

    Requested for an unknown e-mail it has no person and is never sent: the request costs the same.
    Token and code are created with the e-mail, so nothing in between carries them.
    `email` is filled in when an account was asked for: used, the link opens it with `name` and `password_hash`, in the
    browser that knows the opener. `agreed` are the marketing e-mails that were ticked with it.
    """

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=True, default=None, index=True)
    token_digest = Bytea(null=True, unique=True, default=None)
    code_digest = Bytea(null=True, default=None)
    code_tries = Integer(default=0)
    email = Varchar(length=254, default="")
    name = Varchar(length=200, default="")
    language = Varchar(length=12, default="")
    password_hash = Varchar(length=200, null=True, default=None, secret=True)
    opener_digest = Bytea(null=True, default=None)
    agreed = Array(base_column=Varchar(length=12), default=list)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class EmailConfirmation(Table):
    """A request to use an e-mail; it takes effect once confirmed from the e-mail sent there.

    `former` is the e-mail it replaced.
    """

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    email = Varchar(length=254)
    former = Varchar(length=254, default="")
    token_digest = Bytea(null=True, unique=True, default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class IdentityCode(Table):
    """A six-digit code by e-mail with which somebody signed in confirms that it is them. Created with the e-mail."""

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    code_digest = Bytea(null=True, default=None)
    code_tries = Integer(default=0)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class Passkey(Table):
    """A key that a device or password manager holds for the person; we hold its public half."""

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    credential_id = Bytea(unique=True, default=None)
    public_key = Bytea(default=None)
    sign_count = BigInt(default=0)
    name = Varchar(length=80)
    made_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class Authenticator(Table):
    """The app that shows codes which change every half minute. `secret` is encrypted; `last_step`: of the latest
    code used, so that none is used twice."""

    person = ForeignKey(Person, null=False, primary_key=True)
    secret = Bytea(default=None, secret=True)
    last_step = BigInt(default=0)
    made_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)


class RecoveryCode(Table):
    """A way in when every second factor is lost; used once."""

    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    digest = Bytea(default=None)
    made_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class RateLimitWindow(Table):
    """Recent attempts at one action, under a digest of who and from where."""

    key = Bytea(primary_key=True, default=None)
    at = Array(base_column=Timestamptz(), default=list)
    is_refused = Boolean(default=False)
    changed_at = Timestamptz(default=None)


class Address(Table):
    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, index=True)
    name = Varchar(length=200)
    line1 = Varchar(length=200)
    line2 = Varchar(length=200, default="")
    city = Varchar(length=100)
    postcode = Varchar(length=20, default="")
    country = Varchar(length=2)
    region = Varchar(length=100, default="")
    district = Varchar(length=100, default="")
    phone = Varchar(length=20, default="")
    is_default = Boolean(default=False)
    created_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)

    @property
    def town_line(self) -> str:
        return postal_regions.line_of(self)

    @property
    def phone_shown(self) -> str:
        return phone_numbers.shown(self.phone, shop_settings.current().country) if self.phone else ""


class InvoiceAddress(Table):
    """Whom a person's invoices are addressed to, where that is not where parcels go: a name, a company, or both."""

    person = ForeignKey(Person, null=False, primary_key=True)
    name = Varchar(length=120, default="")
    company = Varchar(length=120, default="")
    line1 = Varchar(length=200)
    line2 = Varchar(length=200, default="")
    city = Varchar(length=100, default="")
    postcode = Varchar(length=20, default="")
    country = Varchar(length=2)
    region = Varchar(length=100, default="")
    district = Varchar(length=100, default="")
    vat_number = Varchar(length=30, default="")
    reference = Varchar(length=40, default="")
    changed_at = Timestamptz(default=None)


class ApiKey(Table):
    """An API key. Only the digest of its secret is stored; ``prefix`` is its beginning, to identify it."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=80)
    prefix = Varchar(length=12)
    digest = Bytea(unique=True, default=None)
    scopes = Array(base_column=Varchar(length=30), default=list)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


DDL: tuple[str, ...] = (
    "ALTER TABLE operator ADD CONSTRAINT operator_role CHECK (role IN ('owner', 'staff'))",
    "ALTER TABLE invoice_address ADD CONSTRAINT invoice_address_names_somebody CHECK (name <> '' OR company <> '')",
    "CREATE UNIQUE INDEX address_one_default ON address (person) WHERE is_default",
    "CREATE INDEX sign_in_link_email ON sign_in_link (email) WHERE email <> ''",
    "CREATE INDEX session_expiry ON session (expires_at)",
    "CREATE INDEX rate_limit_window_age ON rate_limit_window (changed_at)",
    "ALTER TABLE session ADD CONSTRAINT session_awaits_unconfirmed CHECK (NOT awaits_factor OR confirmed_at IS NULL)",
    "ALTER TABLE passkey ADD CONSTRAINT passkey_counts_up CHECK (sign_count >= 0)",
    "CREATE UNIQUE INDEX recovery_code_once ON recovery_code (person, digest)",
    "CREATE VIEW insights_people AS SELECT id, name, email, created_at, erased_at, personal_off_at FROM person",
    """CREATE VIEW insights_erasure_wishes AS SELECT id, erasure_wanted_at FROM person
       WHERE erasure_wanted_at IS NOT NULL AND erased_at IS NULL""",
    """CREATE INDEX person_erasure_wanted ON person (erasure_wanted_at)
       WHERE erasure_wanted_at IS NOT NULL AND erased_at IS NULL""",
    "CREATE VIEW memberships_people AS SELECT id, name, email, erased_at FROM person",
    "CREATE VIEW campaigns_people AS SELECT id, email, erased_at, birthday FROM person",
    """CREATE INDEX person_birthday ON person (extract(month FROM birthday), extract(day FROM birthday))
       WHERE birthday IS NOT NULL""",
    "CREATE VIEW recommendations_people AS SELECT id, email, personal_off_at, erased_at FROM person",
    """CREATE VIEW segments_people AS SELECT p.id, p.name, p.email, p.language, p.birthday, p.created_at, p.erased_at,
         p.email_confirmed_at IS NOT NULL OR p.password_hash IS NOT NULL AS has_signed_in FROM person p""",
    "CREATE VIEW segments_addresses AS SELECT person, country FROM address WHERE is_default",
    "CREATE VIEW insights_api_keys AS SELECT id, name FROM api_key",
)
