"""The rows of suggestions."""

from piccolo.columns import UUID, BigInt, BigSerial, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Suggestion(Table):
    """What one kind found of one subject (a benefit, a plan, a collection …), as of the last night it was found.

    `evidence` is how many it was counted from, `marked` those of them that have an amount, `amount` what all of them
    come to between `since` and `until`. `detail` is what the draft needs. `gone_at`: it was not found any more.
    `state`: open, snoozed (until `snoozed_until`), dismissed or done.
    """

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=24)
    subject = Varchar(length=160)
    name = Varchar(length=160)
    detail = Varchar(length=160, default="")
    evidence = BigInt()
    marked = BigInt()
    people = BigInt()
    amount = BigInt()
    currency = Varchar(length=3)
    since = Timestamptz(default=None)
    until = Timestamptz(default=None)
    first_found_at = Timestamptz(default=None)
    found_at = Timestamptz(default=None)
    gone_at = Timestamptz(null=True, default=None)
    state = Varchar(length=9, default="open")
    snoozed_until = Timestamptz(null=True, default=None)


class SuggestionDecision(Table):
    """What staff said of a suggestion: rows are only ever added. "tried": they opened its draft, and `reason` is what
    it said then."""

    id = UUID(primary_key=True, default=None)
    suggestion = UUID(default=None, index=True)
    state = Varchar(length=9)
    reason = Text(default="")
    until = Timestamptz(null=True, default=None)
    by = UUID(null=True, default=None)
    at = Timestamptz(default=None)


class SuggestionLook(Table):
    """How the last look for one kind ended: `most` is the most evidence any subject had, `trouble` why it failed."""

    kind = Varchar(length=24, primary_key=True, default=None)
    at = Timestamptz(default=None)
    subjects = Integer()
    found = Integer()
    most = BigInt()
    trouble = Varchar(length=200, default="")


class SuggestionRow(Table):
    """One row of the evidence of a suggestion, as it was when that was found; `number` counts from the newest.

    See `suggestion_kind.COLUMNS`. Replaced each night, gone with what is not found any more.
    """

    id = BigSerial(primary_key=True)
    suggestion = UUID(default=None)
    number = Integer()
    person = UUID(null=True, default=None)
    at = Timestamptz(default=None)
    what = Varchar(length=300, default="")
    reference = Varchar(length=80, default="")
    times = Integer()
    amount = BigInt()
    other = BigInt(null=True, default=None)


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX suggestion_once ON suggestion (kind, subject)",
    "CREATE UNIQUE INDEX suggestion_row_once ON suggestion_row (suggestion, number)",
    """ALTER TABLE suggestion ADD CONSTRAINT suggestion_is_said CHECK (
       state IN ('open', 'snoozed', 'dismissed', 'done') AND (state = 'snoozed') = (snoozed_until IS NOT NULL)
       AND evidence > 0 AND marked BETWEEN 0 AND evidence AND since < until AND first_found_at <= found_at)""",
    """ALTER TABLE suggestion_decision ADD CONSTRAINT suggestion_decision_is_one
       CHECK (state IN ('open', 'snoozed', 'dismissed', 'done', 'tried') AND (state = 'snoozed') = (until IS NOT NULL)
         AND (state <> 'dismissed' OR reason <> ''))""",
    """CREATE TRIGGER suggestion_decision_is_append_only BEFORE UPDATE OR DELETE ON suggestion_decision
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)
