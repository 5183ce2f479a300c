from piccolo.columns import JSON, UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from components.payments.payment_views import CHANGES, INDEXES, VIEWS


class Reference(Table, tablename="payment_reference"):
    """The Stripe id of an object of ours: a person's customer, a plan version's price."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=20)
    local_id = UUID(default=None)
    stripe_id = Varchar(length=100, unique=True)
    since = Timestamptz(default=None)

    one_per_thing = Unique([kind, local_id], name="payment_reference_one_per_thing")


class InboxEvent(Table):
    """One event as Stripe delivered it, stored before anything is done about it."""

    id = Varchar(length=100, primary_key=True, default=None)
    type = Varchar(length=100, index=True)
    object_kind = Varchar(length=60)
    object_id = Varchar(length=100, index=True)
    is_live = Boolean(default=False)
    payload = JSON()
    happened_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None, index=True)
    handled_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=200, default="")
    tries = Integer(default=0)
    next_try_at = Timestamptz(null=True, default=None)
    parked_at = Timestamptz(null=True, default=None)
    why = Text(default="")

    @property
    def is_done(self) -> bool:
        return self.handled_at is not None


class CheckoutSession(Table):
    """A hosted page on which one order or joining is paid, or a card saved, and its last known state at Stripe.

    With `charges_card` there is no page: the saved card `payment_method` is charged at once by a payment of its own.
    `reference_id` is the order, subscription or person paid for; `request` is exactly what was sent, so that sending it
    again under the same `key` gives the same page. `along` is the order that is paid on the page of a joining, or
    of a term, with `along_amount` of the amount.
    """

    id = UUID(primary_key=True, default=None)
    purpose = Varchar(length=10)
    reference_id = UUID(default=None, index=True)
    along = UUID(null=True, default=None, index=True)
    along_amount = BigInt(default=0)
    attempt = Integer(default=1)
    key = Varchar(length=120, unique=True)
    person_id = UUID(null=True, default=None, index=True)
    email = Varchar(length=254, default="")
    request = JSON()
    fingerprint = Varchar(length=64)
    stripe_session_id = Varchar(length=100, null=True, default=None, unique=True)
    url = Text(null=True, default=None)
    status = Varchar(length=10, default="creating")
    payment_status = Varchar(length=30, default="")
    amount = BigInt(default=0)
    currency = Varchar(length=3)
    payment_intent = Varchar(length=100, null=True, default=None, index=True)
    subscription_ref = Varchar(length=100, null=True, default=None, index=True)
    payment_method = Varchar(length=100, null=True, default=None)
    charges_card = Boolean(default=False)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(null=True, default=None)
    replaced_at = Timestamptz(null=True, default=None)
    completed_at = Timestamptz(null=True, default=None)
    paid_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    expired_at = Timestamptz(null=True, default=None)

    one_per_attempt = Unique([purpose, reference_id, attempt], name="checkout_session_one_per_attempt")

    @property
    def is_open(self) -> bool:
        """Can still be paid, or is just being created."""
        return self.status in ("creating", "open")

    @property
    def is_complete(self) -> bool:
        """The shopper has finished, and the money has arrived or is on its way."""
        return self.status == "complete" and not self.has_failed

    @property
    def may_be_repeated(self) -> bool:
        """An order is paid once and a membership joined once; a card may be replaced any number of times."""
        return self.purpose == "card"

    @property
    def has_failed(self) -> bool:
        """A delayed payment failed."""
        return self.failed_at is not None

    @property
    def is_expired(self) -> bool:
        return self.expired_at is not None

    @property
    def is_replaced(self) -> bool:
        """A newer attempt replaced it."""
        return self.replaced_at is not None

    @property
    def was_completed(self) -> bool:
        return self.completed_at is not None

    @property
    def has_session(self) -> bool:
        return self.stripe_session_id is not None

    @property
    def has_payment(self) -> bool:
        """A payment at Stripe belongs to it."""
        return self.payment_intent is not None

    @property
    def is_paid(self) -> bool:
        """Paid in full, in the right currency; nothing else lets an order be fulfilled."""
        return self.paid_at is not None


class MirroredSubscription(Table):
    """A subscription as last mirrored. `local_id` is the reference of the page it came from.

    `next_amount` is what the next renewal will charge, as Stripe said at `next_asked_at`; None since when something
    has changed. `pending_until`: a change waits until then for its payment to be confirmed; null when none does.
    """

    stripe_id = Varchar(length=100, primary_key=True, default=None)
    local_id = UUID(null=True, default=None, index=True)
    customer = Varchar(length=100, index=True)
    status = Varchar(length=20)
    price = Varchar(length=100)
    amount = BigInt(default=0)
    currency = Varchar(length=3)
    current_period_start = Timestamptz(null=True, default=None)
    current_period_end = Timestamptz(null=True, default=None)
    trial_end = Timestamptz(null=True, default=None)
    cancel_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(default=None)
    payment_method = Varchar(length=100, null=True, default=None)
    card_brand = Varchar(length=30, default="")
    card_last4 = Varchar(length=4, default="")
    card_expires = Varchar(length=7, default="")
    next_amount = BigInt(null=True, default=None)
    next_asked_at = Timestamptz(null=True, default=None)
    latest_invoice = Varchar(length=100, null=True, default=None)
    pending_until = Timestamptz(null=True, default=None)
    coupon = Varchar(length=100, default="")
    mirrored_at = Timestamptz(default=None)

    @property
    def is_over(self) -> bool:
        return self.status in ("cancelled", "incomplete_expired")


class MirroredInvoice(Table):
    """`total` is billed, less `unused` time of the plan before; `store_credit` pays of it, `amount_due` is the rest."""

    stripe_id = Varchar(length=100, primary_key=True, default=None)
    subscription = Varchar(length=100, null=True, default=None, index=True)
    local_id = UUID(null=True, default=None, index=True)
    number = Varchar(length=60, null=True, default=None)
    reason = Varchar(length=40, default="")
    status = Varchar(length=20)
    amount_due = BigInt(default=0)
    amount_paid = BigInt(default=0)
    total = BigInt(default=0)
    tax = BigInt(default=0)
    discount = BigInt(default=0)
    store_credit = BigInt(default=0)
    unused = BigInt(default=0)
    coupon = Varchar(length=100, default="")
    currency = Varchar(length=3)
    period_start = Timestamptz(null=True, default=None)
    period_end = Timestamptz(null=True, default=None)
    price = Varchar(length=100, null=True, default=None)
    attempts = Integer(default=0)
    next_attempt_at = Timestamptz(null=True, default=None)
    payment_intent = Varchar(length=100, null=True, default=None, index=True)
    receipt_url = Text(null=True, default=None)
    created_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    mirrored_at = Timestamptz(default=None)


class MirroredPayment(Table):
    """One payment intent. It belongs to one page's reference, or to one invoice, and that never changes."""

    stripe_id = Varchar(length=100, primary_key=True, default=None)
    purpose = Varchar(length=10, default="")
    reference_id = UUID(null=True, default=None, index=True)
    invoice = Varchar(length=100, null=True, default=None, index=True)
    status = Varchar(length=30)
    amount = BigInt(default=0)
    received = BigInt(default=0)
    currency = Varchar(length=3)
    payment_method = Varchar(length=100, null=True, default=None)
    failure = Text(default="")
    failure_code = Varchar(length=60, default="")
    created_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(default=None)

    @property
    def needs_bank(self) -> bool:
        """The bank asks the customer to confirm it, which they can only do themselves (3-D Secure)."""
        return self.status == "requires_action" or self.failure_code == "authentication_required"


class BillingRequest(Table):
    """A change that may move money, stored before Stripe is asked for it, until its outcome is known.

    `key` is what was wanted, once for ever; `sent_key` is the key under which Stripe was last asked, since `keyed_at`.
    `subject` is the subscription or order; `outcome` is done or refused; `is_awaited` says that somebody was told that
    the outcome is not known yet. `senders` counts the tasks, of any process, that may be sending it: one that knows
    that its own did nothing subtracts itself again. Its member saw it awaited at `waited_at`, refused at `read_at`.
    """

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=40)
    subject = UUID(default=None, index=True)
    key = Varchar(length=120, unique=True)
    sent_key = Varchar(length=160)
    params = JSON()
    asked_at = Timestamptz(default=None)
    keyed_at = Timestamptz(default=None)
    tries = Integer(default=0)
    is_awaited = Boolean(default=False)
    senders = Integer(default=0)
    outcome = Varchar(length=10, null=True, default=None)
    why = Text(default="")
    is_declined = Boolean(default=False)
    settled_at = Timestamptz(null=True, default=None)
    waited_at = Timestamptz(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def is_done(self) -> bool:
        return self.outcome == "done"


class RequestedRefund(Table):
    """A refund we requested. The row exists before the call, so that nothing is requested twice or forgotten."""

    key = UUID(primary_key=True, default=None)
    reference_id = UUID(default=None, index=True)
    payment_intent = Varchar(length=100, index=True)
    amount = BigInt(default=0)
    currency = Varchar(length=3)
    asked_at = Timestamptz(default=None)
    stripe_id = Varchar(length=100, null=True, default=None, unique=True)
    refused = Text(null=True, default=None)


class MirroredRefund(Table):
    """`along_amount` of it is of the order `along`: see `mirror/shared_refunds.py`."""

    stripe_id = Varchar(length=100, primary_key=True, default=None)
    payment_intent = Varchar(length=100, null=True, default=None, index=True)
    reference_id = UUID(null=True, default=None, index=True)
    key = UUID(null=True, default=None)
    status = Varchar(length=20)
    amount = BigInt(default=0)
    along = UUID(null=True, default=None, index=True)
    along_amount = BigInt(default=0)
    currency = Varchar(length=3)
    failure = Text(default="")
    created_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(default=None)


class MirroredDispute(Table):
    """`lost_at` when the bank kept the money for good, as far as we know; `reviewed_at` when staff have decided what
    follows that, and `words` is what they noted. `submissions`: how often evidence has been sent."""

    stripe_id = Varchar(length=100, primary_key=True, default=None)
    payment_intent = Varchar(length=100, null=True, default=None, index=True)
    reference_id = UUID(null=True, default=None, index=True)
    status = Varchar(length=40)
    reason = Varchar(length=40, default="")
    amount = BigInt(default=0)
    currency = Varchar(length=3)
    answer_by = Timestamptz(null=True, default=None)
    submissions = Integer(default=0)
    created_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(default=None)
    lost_at = Timestamptz(null=True, default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    reviewed_by = UUID(null=True, default=None)
    words = Text(default="")

    @property
    def is_over(self) -> bool:
        return self.status in ("won", "lost", "warning_closed")


class SavedCard(Table):
    """A card on file at Stripe, as it may be shown. Pages read it here, so that they need not ask Stripe. `is_agreed`
    when the customer asked to keep it for their orders; any other card is on file for a subscription."""

    payment_method = Varchar(length=100, primary_key=True, default=None)
    customer = Varchar(length=100, index=True)
    brand = Varchar(length=40)
    last4 = Varchar(length=4)
    expires_month = Integer()
    expires_year = Integer()
    is_agreed = Boolean(default=False)
    saved_at = Timestamptz(default=None)
    removed_at = Timestamptz(null=True, default=None)


class Mismatch(Table):
    """The amount paid is not what was agreed: nothing is fulfilled until staff have looked at it."""

    id = UUID(primary_key=True, default=None)
    page_id = UUID(default=None, unique=True)
    reference_id = UUID(default=None, index=True)
    agreed_amount = BigInt(default=0)
    agreed_currency = Varchar(length=3)
    paid_amount = BigInt(default=0)
    paid_currency = Varchar(length=3)
    found_at = Timestamptz(default=None)
    settled_at = Timestamptz(null=True, default=None)
    settled_by = UUID(null=True, default=None)
    words = Text(default="")


class ReconcileRun(Table):
    """A reconciliation of the mirror with Stripe: when it ran, and how far events have been read."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10)
    started_at = Timestamptz(default=None, index=True)
    finished_at = Timestamptz(null=True, default=None)
    events_until = Timestamptz(null=True, default=None)
    repaired = Integer(default=0)
    trouble = Text(default="")


class StripeKeyAlarm(Table):
    """Stripe refused a key of ours: as a whole (`kind` key), or for something it may not do (permission)."""

    id = UUID(primary_key=True, default=None)
    key_fingerprint = Varchar(length=16)
    kind = Varchar(length=10)
    since = Timestamptz(default=None)
    last_at = Timestamptz(default=None)
    detail = Text(default="")
    ended_at = Timestamptz(null=True, default=None)

    one_per_kind = Unique([key_fingerprint, kind], name="stripe_key_alarm_one_per_kind")


class RefusedDelivery(Table):
    """How many webhook deliveries were refused on a day for a reason. Nothing of what they contained is stored."""

    id = UUID(primary_key=True, default=None)
    day = Date(default=None)
    reason = Varchar(length=20)
    times = Integer(default=0)
    last_at = Timestamptz(default=None)

    one_per_day = Unique([day, reason], name="refused_delivery_one_per_day")


class StripeDifference(Table):
    """The shop and Stripe disagree about `subject`, an object by its id, as the named rule says.

    `about` is the order or subscription, where looking told it; `gone_at` when it was no longer found; `explained_at`
    when staff know why it is so and want no repair.
    """

    id = UUID(primary_key=True, default=None)
    rule = Varchar(length=40)
    subject = Varchar(length=100)
    here = Varchar(length=200, default="")
    there = Varchar(length=200, default="")
    first_seen_at = Timestamptz(default=None)
    last_seen_at = Timestamptz(default=None)
    repaired_at = Timestamptz(null=True, default=None)
    repaired_by = UUID(null=True, default=None)
    result = Text(default="")
    explained_at = Timestamptz(null=True, default=None)
    explained_by = UUID(null=True, default=None)
    words = Text(default="")
    gone_at = Timestamptz(null=True, default=None)
    about = UUID(null=True, default=None)


DDL: tuple[str, ...] = (
    "ALTER TABLE checkout_session ADD CONSTRAINT checkout_session_purpose "
    "CHECK (purpose IN ('order', 'joining', 'card', 'term', 'gift'))",
    "ALTER TABLE checkout_session ADD CONSTRAINT checkout_session_status "
    "CHECK (status IN ('creating', 'open', 'complete', 'expired'))",
    "CREATE UNIQUE INDEX checkout_session_one_open ON checkout_session (purpose, reference_id) "
    "WHERE status IN ('creating', 'open') AND replaced_at IS NULL",
    "CREATE UNIQUE INDEX checkout_session_one_per_intent ON checkout_session (payment_intent) "
    "WHERE payment_intent IS NOT NULL",
    "ALTER TABLE billing_request ADD CONSTRAINT billing_request_outcome "
    "CHECK (outcome IN ('done', 'refused') AND settled_at IS NOT NULL OR outcome IS NULL AND settled_at IS NULL)",
    "ALTER TABLE requested_refund ADD CONSTRAINT requested_refund_is_positive CHECK (amount > 0)",
    *(INDEXES + VIEWS + CHANGES),
)
