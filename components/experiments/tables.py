"""The rows of experiments."""

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table


class Experiment(Table):
    """Something that is tried on a part of those who are asked: with new joiners of one plan, or with members who are
    about to cancel.

    `kind`: price (of the plan's interval), words (its short description), benefits (in place of `benefit`, or as one
    more) or offers (to who cancels, for one `reason`; then there is no plan). `figure` decides: joined, kept or money,
    of each person in so many `days` after they were first asked. `base`, `spread` and `least` are what the sample size
    was told from: hundredths of a per cent, or minor units; `planned` people in all. Limits of the guards are in
    hundredths of a per cent, null where nothing is guarded. `base_version` is the plan's public price when it began.
    `version` counts the changes, so that of two who edit it the second is told. `chosen` is the arm that became the
    ordinary.
    """

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120)
    kind = Varchar(length=10)
    plan = UUID(null=True, default=None)
    reason = Varchar(length=10, default="")
    benefit = UUID(null=True, default=None)
    segment = UUID(null=True, default=None)
    figure = Varchar(length=10, default="joined")
    days = Integer(default=14)
    base = BigInt(default=0)
    spread = BigInt(default=0)
    least = BigInt(default=0)
    planned = BigInt(default=0)
    promise_days = Integer(default=14)
    most_refunds = Integer(null=True, default=None)
    most_cancels = Integer(null=True, default=None)
    most_order_loss = Integer(null=True, default=None)
    state = Varchar(length=10, default="draft")
    version = Integer(default=1)
    created_at = Timestamptz(default=None)
    created_by = UUID(null=True, default=None)
    base_version = UUID(null=True, default=None)
    started_at = Timestamptz(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)
    stopped_why = Varchar(length=300, default="")
    stopped_by_itself = Boolean(default=False)
    seen_at = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    chosen = Integer(null=True, default=None)


class ExperimentArm(Table):
    """One arm; that at position 0 is the ordinary. `price` in minor units and `words` where they are tried; `version`
    is the version of the plan with that price, or with the benefits that are tried, from the start on; `benefit` is the
    one that they are made from. Of offers: what is offered (`offer_kind`, nothing if it is empty; `percent_bp`,
    `payments`, `every_months`, `to_plan` as of a save offer), and from the start on the save offer that says so."""

    id = UUID(primary_key=True, default=None)
    experiment = ForeignKey(references=Experiment, null=False, on_delete=OnDelete.cascade)
    position = Integer(default=0)
    name = Varchar(length=60)
    share = Integer(default=50)
    price = BigInt(null=True, default=None)
    words = Text(default="")
    benefit = UUID(null=True, default=None)
    version = UUID(null=True, default=None)
    offer_kind = Varchar(length=10, default="")
    percent_bp = Integer(default=0)
    payments = Integer(default=1)
    every_months = Integer(default=12)
    to_plan = UUID(null=True, default=None)
    offer = UUID(null=True, default=None)


class ExperimentExposure(Table):
    """Somebody was first asked in an experiment, in this arm. An arm's price or benefit is promised until
    `promised_until`, also if the experiment is stopped before."""

    id = UUID(primary_key=True, default=None)
    experiment = ForeignKey(references=Experiment, null=False, on_delete=OnDelete.restrict)
    person = UUID(default=None, index=True)
    arm = Integer(default=0)
    first_at = Timestamptz(default=None)
    promised_until = Timestamptz(null=True, default=None)


_SENSE = """kind IN ('price', 'words', 'offers', 'benefits') AND (kind = 'offers') = (plan IS NULL)
  AND (kind = 'offers') = (reason <> '') AND (kind = 'benefits' OR benefit IS NULL)
  AND CASE WHEN kind = 'offers' THEN figure IN ('kept', 'money') AND days BETWEEN 1 AND 400
    ELSE figure IN ('joined', 'money') AND days BETWEEN 1 AND 90 END
  AND promise_days BETWEEN 1 AND 90 AND base >= 0 AND spread >= 0 AND least >= 0 AND planned >= 0
  AND coalesce(most_refunds, 0) BETWEEN 0 AND 10000 AND coalesce(most_cancels, 0) BETWEEN 0 AND 10000
  AND coalesce(most_order_loss, 0) BETWEEN 0 AND 10000"""
_STATES = """state IN ('draft', 'running', 'stopped', 'decided')
  AND (state = 'draft') = (started_at IS NULL) AND (state IN ('draft', 'running')) = (stopped_at IS NULL)
  AND (state = 'decided') = (decided_at IS NOT NULL) AND (state = 'decided') = (chosen IS NOT NULL)
  AND (started_at IS NULL OR kind = 'offers') = (base_version IS NULL)"""
_ARM_SENSE = """position BETWEEN 0 AND 3 AND share BETWEEN 5 AND 95 AND coalesce(price, 1) > 0
  AND offer_kind IN ('', 'pause', 'downgrade', 'discount') AND percent_bp BETWEEN 0 AND 9999
  AND payments BETWEEN 1 AND 60 AND every_months BETWEEN 1 AND 120"""

DDL: tuple[str, ...] = (
    f"ALTER TABLE experiment ADD CONSTRAINT experiment_sense CHECK ({_SENSE})",
    f"ALTER TABLE experiment ADD CONSTRAINT experiment_states CHECK ({_STATES})",
    "CREATE UNIQUE INDEX experiment_running_once ON experiment (kind, plan) WHERE state = 'running'",
    """CREATE UNIQUE INDEX experiment_version_running_once ON experiment (plan)
       WHERE state = 'running' AND kind IN ('price', 'benefits')""",
    """CREATE UNIQUE INDEX experiment_offers_running_once ON experiment (reason)
       WHERE state = 'running' AND kind = 'offers'""",
    "CREATE UNIQUE INDEX experiment_arm_once ON experiment_arm (experiment, position)",
    f"ALTER TABLE experiment_arm ADD CONSTRAINT experiment_arm_sense CHECK ({_ARM_SENSE})",
    "CREATE UNIQUE INDEX experiment_exposure_once ON experiment_exposure (experiment, person)",
    "CREATE INDEX experiment_exposure_first ON experiment_exposure (experiment, first_at)",
    """CREATE FUNCTION experiment_exposure_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.experiment, OLD.arm, OLD.first_at) IS DISTINCT FROM (NEW.experiment, NEW.arm, NEW.first_at) THEN
           RAISE EXCEPTION 'the arm that somebody was shown never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER experiment_exposure_is_kept BEFORE UPDATE ON experiment_exposure
       FOR EACH ROW EXECUTE FUNCTION experiment_exposure_is_kept()""",
    """CREATE FUNCTION experiments_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('experiments', ''); RETURN NULL; END $$""",
    *(
        f"""CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION experiments_changed()"""
        for table in ("experiment", "experiment_arm")
    ),
    """CREATE VIEW insights_experiments AS
       SELECT id, name, state, stopped_at, stopped_by_itself, seen_at FROM experiment""",
)
