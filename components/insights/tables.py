"""The rows of insights."""

from piccolo.columns import JSON, UUID, BigInt, DoublePrecision, Integer, Timestamptz, Varchar
from piccolo.table import Table


class Movement(Table):
    """One change of what one person pays a month. Rows are append-only; their sum is the MRR, to the penny.

    `amount` is signed, in minor units a month; `balance` is what the person pays a month from `at` on; `turn`
    counts their movements. `epoch`: a rebuild writes all of them anew, and those before it stay as they were. An
    amount against the direction of its kind takes back an earlier row at the same instant.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    turn = Integer()
    kind = Varchar(length=12)
    amount = BigInt()
    balance = BigInt()
    because = Varchar(length=20, default="")
    at = Timestamptz(default=None, index=True)
    noted_at = Timestamptz(default=None)
    epoch = Integer(default=1)


class MovementEpoch(Table):
    """A rebuild of the movements: by which version of the rules, and why. The first epoch needs no row."""

    number = Integer(primary_key=True, default=None)
    rules = Integer()
    words = Varchar(length=200)
    begun_at = Timestamptz(default=None)


class RuleDraft(Table):
    """A scenario: changed benefits, stored until published, and the result of simulating past orders.

    `state`: draft, waiting, running, done or failed. `cost_share` is what goods cost the shop, in basis points of
    their price, where nothing more exact is known. `heard_at` is the last heartbeat of the run, by the database's
    clock. `publish_at` is when it takes effect; `withdrawn_at` is when that was undone.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120)
    revision = JSON()
    cost_share = Integer()
    days = Integer(default=90)
    created_at = Timestamptz(default=None, index=True)
    created_by = UUID(default=None)
    state = Varchar(length=8, default="draft")
    run = UUID(null=True, default=None)
    done = Integer(default=0)
    total = Integer(default=0)
    heard_at = Timestamptz(null=True, default=None)
    outcome = JSON(null=True, default=None)
    ran_at = Timestamptz(null=True, default=None)
    publish_at = Timestamptz(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)
    published_by = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class AccessCheck(Table):
    """One access check of the shop: the number of answers, and a description of each wrong one."""

    id = UUID(primary_key=True, default=None)
    at = Timestamptz(default=None, index=True)
    asked = Integer()
    troubles = JSON()


class CheckedUntil(Table):
    """How far the rows of one table have been checked: those whose key comes later are new since then."""

    checked_table = Varchar(length=63, primary_key=True, default=None)
    key = UUID(default=None)
    at = Timestamptz(default=None)


class Forecast(Table):
    """What a model says, as of the last time it was fitted; each night all rows are written anew.

    `kind`: renewals (of one `plan` and interval), orders, values, habits or mrr. `model` is empty where nothing can be
    said; `words` says why. `outcome` is what the page shows, `past` what would have been said months ago and what
    happened: see `components/insights/forecasts/forecast_values.py`.
    """

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=8)
    plan = UUID(null=True, default=None)
    interval = Varchar(length=8, default="")
    interval_count = Integer(default=0)
    model = Varchar(length=12, default="")
    parameters = JSON(default="[]")
    log_likelihood = DoublePrecision(null=True, default=None)
    people = Integer(default=0)
    words = Varchar(length=200, default="")
    outcome = JSON(default="{}")
    past = JSON(default="[]")
    fitted_at = Timestamptz(default=None)


class MemberAtRisk(Table):
    """A member who probably no longer orders, or no longer uses benefits; each night all rows are written anew.

    `chance` in basis points that they still do. `times`: orders, or months with a use, `out_of` the months there were.
    `usual_days`: between their orders, on average.
    """

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=8)
    person = UUID(default=None, index=True)
    chance = Integer()
    times = Integer()
    out_of = Integer(default=0)
    usual_days = Integer(default=0)
    last_at = Timestamptz(default=None)
    noted_at = Timestamptz(default=None)


class EngagementScore(Table):
    """How engaged a member was when it was last worked out, `noted_at`: each night all rows are written anew. See
    `behaviour_figures/engagement.py`."""

    person = UUID(primary_key=True, default=None)
    score = Integer()
    recency = Integer()
    frequency = Integer()
    benefits = Integer()
    last_at = Timestamptz(null=True, default=None)
    days = Integer()
    uses = Integer()
    noted_at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE rule_draft ADD CONSTRAINT rule_draft_state
       CHECK (state IN ('draft', 'waiting', 'running', 'done', 'failed'))""",
    """ALTER TABLE rule_draft ADD CONSTRAINT rule_draft_share
       CHECK (cost_share BETWEEN 0 AND 10000 AND days > 0 AND done >= 0 AND total >= 0)""",
    "CREATE UNIQUE INDEX movement_turns ON movement (person, epoch, turn)",
    """ALTER TABLE movement ADD CONSTRAINT movement_kind CHECK (kind IN
       ('new', 'expansion', 'contraction', 'churn', 'reactivation', 'pause', 'resume', 'adopted'))""",
    "ALTER TABLE movement ADD CONSTRAINT movement_amount CHECK (amount <> 0 AND balance >= 0)",
    """CREATE VIEW current_movements AS SELECT person, turn, kind, amount, balance, because, at, noted_at FROM movement
       WHERE epoch = (SELECT coalesce(max(number), 1) FROM movement_epoch)""",
    """CREATE FUNCTION movement_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' AND OLD.kind = 'adopted' AND NOT EXISTS (SELECT FROM movement later
            WHERE later.person = OLD.person AND later.epoch = OLD.epoch AND later.turn > OLD.turn) THEN
           RETURN OLD;
         END IF;
         RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
       END $$""",
    """CREATE TRIGGER movement_is_append_only BEFORE UPDATE OR DELETE ON movement
       FOR EACH ROW EXECUTE FUNCTION movement_is_kept()""",
    """ALTER TABLE forecast ADD CONSTRAINT forecast_is_said
       CHECK (kind IN ('renewals', 'orders', 'values', 'habits', 'mrr') AND people >= 0
         AND (kind = 'renewals') = (plan IS NOT NULL) AND (model <> '' OR words <> ''))""",
    """CREATE UNIQUE INDEX forecast_once
       ON forecast (kind, coalesce(plan::text, ''), interval, interval_count)""",
    """ALTER TABLE member_at_risk ADD CONSTRAINT member_at_risk_is_sensible
       CHECK (kind IN ('orders', 'habits') AND chance BETWEEN 0 AND 10000 AND times > 0 AND out_of >= 0
         AND usual_days >= 0)""",
    "CREATE UNIQUE INDEX member_at_risk_once ON member_at_risk (person, kind)",
    """CREATE INDEX engagement_score_ranked
       ON engagement_score (score DESC, last_at DESC NULLS LAST, person)""",
    "CREATE VIEW segments_members_at_risk AS SELECT person, kind FROM member_at_risk",
)
