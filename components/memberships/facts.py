"""The facts that memberships announces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.money import Money
from components.foundation.outbox import Fact


@dataclass(frozen=True)
class MembershipStarted(Fact):
    membership_id: UUID
    person_id: UUID
    source: str


@dataclass(frozen=True)
class MembershipEnded(Fact):
    """Announced when the membership has ended, not when that is decided."""

    membership_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class CancellationScheduled(Fact):
    """`turn` tells one change of mind from the next, `at` is when it was made; earlier versions announced neither."""

    subscription_id: UUID
    until: datetime
    turn: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class CancellationWithdrawn(Fact):
    subscription_id: UUID
    turn: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class CancellationRefused(Fact):
    """A member was told that the answer to their cancellation is awaited, and it was refused: nothing has changed."""

    subscription_id: UUID
    request_id: UUID


@dataclass(frozen=True)
class PauseBegan(Fact):
    """Announced when the pause has begun, not when it is planned."""

    pause_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class PausePlanned(Fact):
    """Confirmed by Stripe, and still to come."""

    pause_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class PauseDropped(Fact):
    """One that was planned, before it began."""

    pause_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class PauseEndedEarly(Fact):
    """One that had begun, before the day it was to end on: the benefits are back."""

    pause_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class RenewalFailed(Fact):
    """The benefits stay until `grace_until`."""

    subscription_id: UUID
    grace_until: datetime


@dataclass(frozen=True)
class RenewalRecovered(Fact):
    subscription_id: UUID


@dataclass(frozen=True)
class SubscriptionEnded(Fact):
    """For good, for whatever reason. `owed` says that its last renewal had not been paid."""

    subscription_id: UUID
    owed: bool


@dataclass(frozen=True)
class SubscriptionAdopted(Fact):
    """One that ran in another system is looked after here from now on. Nothing was charged and nobody has joined."""

    subscription_id: UUID


@dataclass(frozen=True)
class AdoptionUndone(Fact):
    """It is not looked after here any more, and its rows are gone. `adopted_at` is when it had been taken over."""

    person_id: UUID
    adopted_at: datetime


@dataclass(frozen=True)
class SubscriptionRenewed(Fact):
    """One more period is paid; not announced for the first one."""

    subscription_id: UUID
    period_id: UUID


@dataclass(frozen=True)
class PlanChanged(Fact):
    """The subscription has another plan or another price of its plan, as mirrored; `at` is when that was noticed."""

    subscription_id: UUID
    at: datetime | None = None
    is_other_plan: bool = True


@dataclass(frozen=True)
class PlanChangePlanned(Fact):
    """For the next period. `change_id` tells one change of mind from the next."""

    change_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class PlanChangeDropped(Fact):
    """One that was planned, and that the member has withdrawn before it began."""

    change_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class TrialStarted(Fact):
    subscription_id: UUID
    until: datetime


@dataclass(frozen=True)
class TrialRefused(Fact):
    """This person or this card has had a trial before. Nothing was charged and nothing was opened."""

    subscription_id: UUID


@dataclass(frozen=True)
class PriceMigrationAnnounced(Fact):
    """The price of a running subscription changes with the renewal at `renews_at`; nothing has changed yet.

    `has_slipped`: an earlier day was announced before.
    """

    move_id: UUID
    subscription_id: UUID
    to_version: UUID
    renews_at: datetime
    has_slipped: bool = False


@dataclass(frozen=True)
class FeeTaxMoved(Fact):
    """From the renewal that comes a fee is without tax, or with it again; nothing has changed yet."""

    move_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class RenewalRefunded(Fact):
    """A change of plan was made after its day, `due_at`: the amount the invoice charged too much is refunded."""

    change_id: UUID
    subscription_id: UUID
    invoice_id: str
    amount: Money
    due_at: datetime


@dataclass(frozen=True)
class FeeRefundRequested(Fact):
    refund_id: UUID


@dataclass(frozen=True)
class FeeRefunded(Fact):
    """A membership fee, or a part of it, is back on its way to the card; also when that was done in Stripe."""

    refund_id: UUID


@dataclass(frozen=True)
class FeeRefundFailed(Fact):
    """Refused, or reported as failed later: the money did not move."""

    refund_id: UUID


@dataclass(frozen=True)
class RefundedFeeEnded(Fact):
    """Staff have decided that the membership ends now, after its fee was refunded in Stripe."""

    refund_id: UUID


@dataclass(frozen=True)
class PaidOnceRefundRequested(Fact):
    """Of a bought gift or a term."""

    refund_id: UUID


@dataclass(frozen=True)
class PaidOnceRefunded(Fact):
    """What was paid for a gift or a term, or a part of it, is back on its way; also when that was done in Stripe."""

    refund_id: UUID


@dataclass(frozen=True)
class PaidOnceRefundFailed(Fact):
    """Refused, or reported as failed later: the money did not move, and the code of a gift works again."""

    refund_id: UUID


@dataclass(frozen=True)
class GuaranteeSettled(Fact):
    """A term with a fee guarantee is over, and what was not saved of its fee has become credit, if anything."""

    guarantee_id: UUID


@dataclass(frozen=True)
class PlaceOffered(Fact):
    """A place on a plan is free, and held for somebody who has waited for it."""

    place_id: UUID


@dataclass(frozen=True)
class GiftPaid(Fact):
    gift_id: UUID


@dataclass(frozen=True)
class GiftDue(Fact):
    """The date on which the gift is sent to its recipient has come, or its address was corrected after that."""

    gift_id: UUID


@dataclass(frozen=True)
class GiftReaddressed(Fact):
    """The e-mail address that it goes to was corrected; `is_sent_again` with a new code, where it had been sent."""

    gift_id: UUID
    is_sent_again: bool = False


@dataclass(frozen=True)
class SeatInvited(Fact):
    seat_id: UUID


@dataclass(frozen=True)
class SeatEnded(Fact):
    """Somebody has lost their place in a household: `why` is removed, left, ended (the membership) or plan (another
    one, with fewer seats)."""

    seat_id: UUID
    why: str


@dataclass(frozen=True)
class FeeDiscountBegan(Fact):
    """Stripe takes it off from the next invoice on."""

    discount_id: UUID
    subscription_id: UUID


@dataclass(frozen=True)
class FeeDiscountEnded(Fact):
    """`why`: used, taken off, refused, not paid, over or replaced."""

    discount_id: UUID
    subscription_id: UUID
    why: str
