"""What is kept of figures, and the queue of what has changed since. All of it can be worked out anew."""

from piccolo.columns import UUID, Array, BigInt, BigSerial, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from components.insights.rollups.hearing.figure_triggers import FUNCTIONS


class FigurePayerChange(Table):
    """Something that this person's MRR is made from has changed, and is not rolled up yet."""

    id = BigSerial(primary_key=True)
    person = UUID(default=None)


class FigureMovement(Table):
    """A movement as it counts: of what happened within an hour, one. `place` counts those of a person.

    `month` is its month's first day, in the shop's time zone; `cohort` that of the person's first payment, null for
    those who were adopted. `is_left`: a member at the start of the month who left in it. `joined_plan` and
    `joined_every`: for what they paid first, and how often, such as "1 year".
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    place = Integer()
    at = Timestamptz(default=None)
    kind = Varchar(length=12)
    amount = BigInt()
    balance = BigInt()
    because = Varchar(length=20, default="")
    month = Date(default=None)
    cohort = Date(null=True, default=None)
    is_left = Boolean(default=False)
    joined_plan = UUID(null=True, default=None)
    joined_every = Varchar(length=20, default="")


class FigurePlanMovement(Table):
    """What one plan, charged `every` so often, had of a movement, or of a change of plan: see `plan_parts`.

    `is_plan_left`: of those who left, one who paid for this plan at the start of the month; `is_every_left` one who
    was charged so often then, and `is_both_left` one who paid for this plan so often.
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    at = Timestamptz(default=None)
    month = Date(default=None)
    plan = UUID(null=True, default=None)
    every = Varchar(length=20, default="")
    kind = Varchar(length=12)
    because = Varchar(length=20, default="")
    turn = Varchar(length=9, default="")
    amount = BigInt()
    people = Integer()
    is_left = Boolean(default=False)
    is_plan_left = Boolean(default=False)
    is_every_left = Boolean(default=False)
    is_both_left = Boolean(default=False)


class FigurePlanMonth(Table):
    """What moved in a month, by plan: `turn` is "out" of one and "in" to another, where a member changed plan and
    interval; "out plan" and "in plan" where only the plan is another, "out every" and "in every" only the interval."""

    id = UUID(primary_key=True, default=None)
    month = Date(default=None)
    plan = UUID(null=True, default=None)
    every = Varchar(length=20, default="")
    kind = Varchar(length=12)
    because = Varchar(length=20, default="")
    turn = Varchar(length=9, default="")
    amount = BigInt()
    movements = BigInt()
    people = BigInt()
    members_left = BigInt()
    plan_left = BigInt()
    every_left = BigInt()
    both_left = BigInt()


class FigureStanding(Table):
    """A person who pays now: a month and a year, without tax, in minor units; `since` they last began to."""

    person = UUID(primary_key=True, default=None)
    a_month = BigInt()
    a_year = BigInt()
    since = Timestamptz(default=None)


class FigureRenewal(Table):
    """A renewal that was or will be due: that of the paid period `id`. `fee` is a period's, without tax."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, index=True)
    subscription = UUID(default=None)
    plan = UUID(default=None)
    interval = Varchar(length=8)
    interval_count = Integer()
    fee = BigInt()
    at = Timestamptz(default=None)
    is_renewed = Boolean(default=False)


class FigureMonth(Table):
    """What moved in a month. `people`: how many more pay; `members_left`: of those who paid at its start."""

    id = UUID(primary_key=True, default=None)
    month = Date(default=None)
    kind = Varchar(length=12)
    because = Varchar(length=20, default="")
    amount = BigInt()
    movements = BigInt()
    people = BigInt()
    members_left = BigInt()


class FigureCohort(Table):
    """What moved in a month among those who first paid in another: how many more pay, and how much.

    `joined` and `opening` are how many they are and what they paid at first, in the row of their own month. `plan`
    and `every` are what they paid for first.
    """

    id = UUID(primary_key=True, default=None)
    cohort = Date(default=None)
    plan = UUID(null=True, default=None)
    every = Varchar(length=20, default="")
    month = Date(default=None)
    people = BigInt()
    mrr = BigInt()
    joined = BigInt()
    opening = BigInt()


class FigureDayChange(Table):
    """Something of the day of this instant has changed, and is not rolled up yet."""

    id = BigSerial(primary_key=True)
    at = Timestamptz(default=None)


class FigureDay(Table):
    """What came in and went out on a day of the shop's time zone: `day_parts` says what each `source` is."""

    id = UUID(primary_key=True, default=None)
    day = Date(default=None, index=True)
    source = Varchar(length=12)
    plan = UUID(null=True, default=None)
    kind = Varchar(length=40, default="")
    number = BigInt()
    amount = BigInt()


class FigureFeeDay(Table):
    """The membership fees of a day of the shop's time zone, by where their payers lived and by the taxes in them, as
    kept with each."""

    id = UUID(primary_key=True, default=None)
    day = Date(default=None, index=True)
    country = Varchar(length=2, default="")
    taxes = Text(null=True, default=None)
    number = BigInt()
    amount = BigInt()
    tax = BigInt()


class FigureSoldDay(Table):
    """The orders and refunds of a day of the shop's time zone by the country they went to; of the kind "member" where
    who ordered held a plan that is not free."""

    id = UUID(primary_key=True, default=None)
    day = Date(default=None)
    country = Varchar(length=2, default="")
    source = Varchar(length=12)
    kind = Varchar(length=12, default="")
    number = BigInt()
    amount = BigInt()


class FigurePayerCountry(Table):
    """Where somebody lived when they paid their last membership fee."""

    person = UUID(primary_key=True, default=None)
    country = Varchar(length=2, default="")


class FigureRenewalMonth(Table):
    """The renewals that were or will be due in a month, of one plan and interval, and how many of them are made."""

    id = UUID(primary_key=True, default=None)
    month = Date(default=None)
    plan = UUID(default=None)
    interval = Varchar(length=8)
    interval_count = Integer()
    made = BigInt()
    renewed = BigInt()


class FigureMember(Table):
    """What somebody is as a member, see `member_parts`: from `since` until before `until`, if nothing is written."""

    person = UUID(primary_key=True, default=None)
    part = Varchar(length=12, default="")
    since = Timestamptz(default=None)
    until = Timestamptz(default=None)


class FigureMemberPart(Table):
    """How many are what, of those in `figure_member`."""

    part = Varchar(length=12, primary_key=True, default=None)
    number = BigInt()


class FigureBuyerChange(Table):
    """Something of what this person bought, or held when they did, has changed, and is not rolled up yet."""

    id = BigSerial(primary_key=True)
    person = UUID(default=None)


class FigureBuyer(Table):
    """What somebody bought, the oldest first: when each order was paid, its total, and whether they `held` a plan then
    that is not free; and when they first became a member, if they did."""

    person = UUID(primary_key=True, default=None)
    joined_at = Timestamptz(null=True, default=None)
    paid_at = Array(base_column=Timestamptz(), default=list)
    totals = Array(base_column=BigInt(), default=list)
    held = Array(base_column=Boolean(), default=list)


class FigureBuyerMonth(Table):
    """Orders of people in a month, as members or not, by the months in which they had bought so before: see
    `buyer_parts`."""

    id = UUID(primary_key=True, default=None)
    month = Date(default=None)
    is_member = Boolean(default=False)
    last_month = Date(null=True, default=None)
    month_before = Date(null=True, default=None)
    number = BigInt()
    amount = BigInt()


class FigureJoinerMonth(Table):
    """What those who joined in a month bought before and since, by the month from whose end on it counts: see
    `buyer_parts`."""

    id = UUID(primary_key=True, default=None)
    joined = Date(default=None)
    month = Date(default=None)
    is_since = Boolean(default=False)
    number = BigInt()
    amount = BigInt()
    people = BigInt()
    again = BigInt()
    known = BigInt()


class FigureState(Table):
    """By which time zone and rules the figures are kept: none are until there is this row. And their totals now."""

    is_only = Boolean(primary_key=True, default=True)
    zone = Varchar(length=60)
    rules = Integer()
    paying = BigInt()
    mrr = BigInt()
    arr = BigInt()
    rebuilt_at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    "CREATE INDEX figure_sold_day_where ON figure_sold_day (country, day)",
    "CREATE INDEX figure_sold_day_when ON figure_sold_day (day)",
    "CREATE INDEX figure_payer_country_where ON figure_payer_country (country, person)",
    "CREATE INDEX figure_payer_changes ON figure_payer_change (person)",
    "CREATE INDEX figure_buyer_changes ON figure_buyer_change (person)",
    "CREATE INDEX figure_member_until ON figure_member (until) WHERE until < 'infinity'",
    "CREATE INDEX figure_member_since ON figure_member (since)",
    """CREATE UNIQUE INDEX figure_buyer_month_once
       ON figure_buyer_month (month, is_member, last_month, month_before) NULLS NOT DISTINCT""",
    "CREATE UNIQUE INDEX figure_joiner_month_once ON figure_joiner_month (joined, month, is_since)",
    "CREATE UNIQUE INDEX figure_renewal_month_once ON figure_renewal_month (month, plan, interval, interval_count)",
    """CREATE INDEX figure_renewal_missed ON figure_renewal (at)
       INCLUDE (plan, interval, interval_count, person, subscription) WHERE NOT is_renewed""",
    "CREATE UNIQUE INDEX figure_movement_places ON figure_movement (person, place)",
    "CREATE INDEX figure_movement_at ON figure_movement (at, person, place)",
    "CREATE INDEX figure_standing_since ON figure_standing (since, person)",
    """CREATE INDEX figure_renewal_due ON figure_renewal (at, id)
       INCLUDE (plan, interval, interval_count, is_renewed, person, subscription)""",
    "CREATE UNIQUE INDEX figure_month_once ON figure_month (month, kind, because)",
    """CREATE UNIQUE INDEX figure_cohort_once ON figure_cohort (cohort, plan, every, month) NULLS NOT DISTINCT""",
    "CREATE INDEX figure_plan_movement_people ON figure_plan_movement (person)",
    "CREATE INDEX figure_plan_movement_at ON figure_plan_movement (at)",
    """CREATE UNIQUE INDEX figure_plan_month_once
       ON figure_plan_month (month, plan, every, kind, because, turn) NULLS NOT DISTINCT""",
    "ALTER TABLE figure_state ADD CONSTRAINT figure_state_is_one CHECK (is_only)",
    *FUNCTIONS,
)
