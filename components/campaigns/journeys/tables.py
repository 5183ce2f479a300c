from piccolo.columns import UUID, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Journey(Table):
    """A series of e-mails of one `kind`. `entry` is what brings somebody into it, see `journey_occasions`, with its
    `days`; with `segment`, only those of it. `holdout` of a hundred get nothing, for comparison. Nobody enters for
    what happened before `running_since`; but `lets_in` says that those it had happened to by then are still being let
    in. `version` counts the changes of what staff write.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120)
    entry = Varchar(length=16)
    days = Integer(default=0)
    kind = Varchar(length=12, default="news")
    segment = UUID(null=True, default=None)
    holdout = Integer(default=0)
    tag = Varchar(length=60, default="")
    state = Varchar(length=10, default="draft")
    version = Integer(default=1)
    created_at = Timestamptz(default=None)
    created_by = UUID(null=True, default=None)
    running_since = Timestamptz(null=True, default=None)
    lets_in = Boolean(default=False)
    ended_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=300, default="")


class JourneyStep(Table):
    """One step: "wait" some `hours`, go on only if a "condition" holds, or an "email", which is not sent more than
    `late_days` after it was due. One that was removed stays, for whoever had its e-mail.
    """

    id = UUID(primary_key=True, default=None)
    journey = ForeignKey(Journey, null=False, index=True)
    position = Integer(default=0)
    kind = Varchar(length=10)
    hours = Integer(default=0)
    condition = Varchar(length=16, default="")
    segment = UUID(null=True, default=None)
    subject = Text(default="")
    preheader = Text(default="")
    body = Text(default="")
    link = Varchar(length=300, default="")
    late_days = Integer(default=3)
    removed_at = Timestamptz(null=True, default=None)


class JourneyEntry(Table):
    """That one person entered for one `occasion`, and where they are: at `step`, which is done when `due_at` has come.

    `happened_at` is when they were to enter. `outcome` is "" while they are on their way, then "finished" or why they
    left, at `step`: see `journey_progress.WORDS`. Of the holdout nobody goes anywhere.
    """

    id = UUID(primary_key=True, default=None)
    journey = ForeignKey(Journey, null=False)
    person = UUID(default=None, index=True)
    occasion = Varchar(length=80)
    happened_at = Timestamptz(default=None)
    entered_at = Timestamptz(default=None)
    is_holdout = Boolean(default=False)
    step = UUID(null=True, default=None)
    due_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=12, default="")
    settled_at = Timestamptz(null=True, default=None)


class JourneySend(Table):
    """What became of one e-mail of a journey for one who came to it, once: "written" to `contact`, or why not."""

    id = UUID(primary_key=True, default=None)
    entry = ForeignKey(JourneyEntry, null=False, index=True)
    step = UUID(default=None)
    contact = UUID(null=True, default=None)
    outcome = Varchar(length=12)
    at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE journey ADD CONSTRAINT journey_is_possible CHECK (
       state IN ('draft', 'running', 'paused', 'ended') AND kind IN ('news', 'tips')
       AND entry IN ('welcome', 'unused', 'renewal', 'payment_failed', 'lapsed', 'birthday')
       AND days BETWEEN 0 AND 400 AND holdout BETWEEN 0 AND 50
       AND (state = 'draft') = (running_since IS NULL) AND (state = 'ended') = (ended_at IS NOT NULL))""",
    "CREATE INDEX journey_newest ON journey (created_at DESC, id DESC)",
    """ALTER TABLE journey_step ADD CONSTRAINT journey_step_is_possible CHECK (
       kind IN ('wait', 'condition', 'email') AND (kind = 'wait') = (hours > 0)
       AND (kind = 'condition') = (condition <> '') AND (segment IS NOT NULL) = (condition = 'segment')
       AND condition IN ('', 'ordered', 'not_ordered', 'used', 'not_used', 'member', 'not_member', 'segment')
       AND late_days BETWEEN 1 AND 60)""",
    "CREATE UNIQUE INDEX journey_entry_once ON journey_entry (journey, person, occasion)",
    """CREATE INDEX journey_entry_due ON journey_entry (journey, due_at, id)
       WHERE outcome = '' AND NOT is_holdout""",
    "CREATE INDEX journey_entry_at ON journey_entry (journey, entered_at)",
    "CREATE INDEX journey_entry_step ON journey_entry (step) WHERE step IS NOT NULL",
    """ALTER TABLE journey_entry ADD CONSTRAINT journey_entry_is_somewhere CHECK (
       (outcome = '') = (settled_at IS NULL)
       AND (due_at IS NOT NULL) = (outcome = '' AND NOT is_holdout) AND NOT (is_holdout AND outcome <> '')
       AND outcome IN ('', 'finished', 'unfit', 'condition', 'withdrawn', 'unreachable', 'forgotten'))""",
    "CREATE UNIQUE INDEX journey_send_once ON journey_send (step, entry)",
    "CREATE INDEX journey_send_written ON journey_send (contact, at) WHERE outcome = 'written'",
    """ALTER TABLE journey_send ADD CONSTRAINT journey_send_is_settled CHECK (
       outcome IN ('written', 'late', 'capped', 'failed') AND (outcome <> 'written' OR contact IS NOT NULL))""",
)
