from piccolo.columns import JSON, UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Gift(Table):
    """A product somebody may have for free, once. `cause` is unique: one occasion, one gift.

    `offered` are the variants to choose from, `chosen` the one in the member's basket. With `order_id` it is reserved
    for an order that is being paid, with `claimed_at` that order is paid. `withdrawn_at`: its occasion was reversed.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, index=True)
    benefit = UUID(default=None, index=True)
    cause = Varchar(length=160, unique=True)
    words = Text()
    offered = JSON()
    given_at = Timestamptz(default=None)
    claim_until = Timestamptz(null=True, default=None)
    chosen = UUID(null=True, default=None)
    order_id = UUID(null=True, default=None, index=True)
    claimed_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class PartnerCode(Table):
    """One code of a pool uploaded by staff; once `person` is set it stays theirs."""

    id = UUID(primary_key=True, default=None)
    benefit = UUID(default=None)
    code = Varchar(length=200)
    position = Integer()
    added_at = Timestamptz(default=None)
    person = UUID(null=True, default=None)
    claimed_at = Timestamptz(null=True, default=None)


class PerkUse(Table):
    """A use of a perk, as recorded by staff. `id` comes with the form: sent twice it counts once."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, index=True)
    benefit = UUID(default=None)
    at = Timestamptz(default=None)
    by = UUID(default=None)
    note = Varchar(length=300, default="")
    undone_at = Timestamptz(null=True, default=None)
    undone_by = UUID(null=True, default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE gift ADD CONSTRAINT gift_is_claimed_with_an_order
       CHECK (claimed_at IS NULL OR (order_id IS NOT NULL AND chosen IS NOT NULL))""",
    """ALTER TABLE gift ADD CONSTRAINT gift_is_not_claimed_and_withdrawn
       CHECK (withdrawn_at IS NULL OR claimed_at IS NULL)""",
    "CREATE INDEX gift_waiting ON gift (person) WHERE claimed_at IS NULL AND withdrawn_at IS NULL",
    "CREATE UNIQUE INDEX partner_code_once ON partner_code (benefit, code)",
    "CREATE UNIQUE INDEX partner_code_one_each ON partner_code (benefit, person) WHERE person IS NOT NULL",
    "CREATE INDEX partner_code_left ON partner_code (benefit, position) WHERE person IS NULL",
    """ALTER TABLE partner_code ADD CONSTRAINT partner_code_is_claimed_by_somebody
       CHECK ((person IS NULL) = (claimed_at IS NULL))""",
    """CREATE VIEW insights_gifts AS
       SELECT id, person, benefit, given_at, chosen, order_id, claimed_at, withdrawn_at FROM gift""",
    "CREATE VIEW insights_partner_codes AS SELECT benefit, person, claimed_at FROM partner_code",
    """CREATE VIEW segments_reward_uses AS
       SELECT person, benefit, claimed_at AS at FROM gift WHERE claimed_at IS NOT NULL
       UNION ALL SELECT person, benefit, claimed_at FROM partner_code WHERE person IS NOT NULL
       UNION ALL SELECT person, benefit, at FROM perk_use WHERE undone_at IS NULL""",
    """CREATE VIEW campaigns_reward_uses AS
       SELECT person, claimed_at AS at FROM gift WHERE claimed_at IS NOT NULL
       UNION ALL SELECT person, claimed_at FROM partner_code WHERE person IS NOT NULL
       UNION ALL SELECT person, at FROM perk_use WHERE undone_at IS NULL""",
    "CREATE INDEX gift_claimed ON gift (claimed_at) WHERE claimed_at IS NOT NULL",
    "CREATE INDEX gift_claimed_by ON gift (person, claimed_at) WHERE claimed_at IS NOT NULL",
    "CREATE INDEX partner_code_claimed ON partner_code (claimed_at) WHERE person IS NOT NULL",
    "CREATE INDEX partner_code_claimed_by ON partner_code (person, claimed_at) WHERE person IS NOT NULL",
    "CREATE INDEX perk_use_at ON perk_use (at) WHERE undone_at IS NULL",
    "CREATE VIEW insights_perk_uses AS SELECT benefit, person, at, undone_at FROM perk_use",
)
