"""The rows of save offers."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import Plan, Subscription


class SaveOffer(Table):
    """Offered to members who are about to cancel, for one reason. It never changes: another one replaces it.

    `kind`: pause, downgrade (to `to_plan`) or discount (`percent_bp` off so many `payments`, once per person in
    `every_months`). `is_tried`: on a part of them alone, in an experiment, in place of what is offered to everybody.
    """

    id = UUID(primary_key=True, default=None)
    reason = Varchar(length=10)
    kind = Varchar(length=10)
    percent_bp = Integer(default=0)
    payments = Integer(default=1)
    every_months = Integer(default=12)
    to_plan = ForeignKey(references=Plan, null=True, default=None, on_delete=OnDelete.restrict)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    is_tried = Boolean(default=False)


class SaveOfferShown(Table):
    """An offer that a member has seen: first at `shown_at`, last at `seen_at`; and accepted, if they did."""

    id = UUID(primary_key=True, default=None)
    offer = ForeignKey(references=SaveOffer, null=False, on_delete=OnDelete.restrict, index=True)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    person = UUID(default=None, index=True)
    shown_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    accepted_at = Timestamptz(null=True, default=None)


_SENSE = """kind IN ('pause', 'downgrade', 'discount') AND (kind = 'downgrade') = (to_plan IS NOT NULL)
  AND CASE WHEN kind = 'discount' THEN percent_bp BETWEEN 1 AND 9999 AND payments BETWEEN 1 AND 60
    AND every_months BETWEEN 1 AND 120 ELSE percent_bp = 0 END"""

DDL: tuple[str, ...] = (
    f"ALTER TABLE save_offer ADD CONSTRAINT save_offer_sense CHECK ({_SENSE})",
    "CREATE UNIQUE INDEX save_offer_open ON save_offer (reason, kind) WHERE ended_at IS NULL AND NOT is_tried",
    """CREATE UNIQUE INDEX save_offer_shown_open ON save_offer_shown (offer, subscription)
       WHERE accepted_at IS NULL""",
    "CREATE VIEW insights_save_offers AS SELECT id, subscription, person, accepted_at FROM save_offer_shown",
    "CREATE VIEW experiments_offers_seen AS SELECT person, shown_at AS at FROM save_offer_shown",
    "CREATE INDEX save_offer_accepted ON save_offer_shown (accepted_at) WHERE accepted_at IS NOT NULL",
)
