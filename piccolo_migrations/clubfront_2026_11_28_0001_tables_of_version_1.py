"""The tables of version 1.

They are frozen: this file imports nothing from `components` and is never changed. Later changes have migrations of
their own, which `make migration` writes by comparing the tables in `components` with this file and the ones after it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import (
    JSON,
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

ID = "2026-11-28T00:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "The tables of version 1"


# foundation


class AnnouncedFact(Table):
    id = UUID(primary_key=True, default=None)
    name = Varchar(length=100, index=True, default="")
    body = JSON(default="{}")
    announced_at = Timestamptz(index=True, default=None)


class AuditEntry(Table):
    id = UUID(primary_key=True, default=None)
    at = Timestamptz(index=True, default=None)
    actor = UUID(null=True, index=True, default=None)
    what = Varchar(length=100, default="")
    subject = Varchar(length=60, index=True, default="")
    subject_id = Text(index=True, default="")
    before = JSON(null=True, default=None)
    after = JSON(null=True, default=None)


class ParkedJob(Table):
    id = UUID(primary_key=True, default=None)
    job_id = Varchar(length=40, unique=True, default="")
    task = Varchar(length=100, default="")
    args = JSON(default="{}")
    why = Text(default="")
    parked_at = Timestamptz(default=None)
    is_settled = Boolean(default=False)


# people


class Person(Table):
    id = UUID(primary_key=True, default=None)
    email = Varchar(length=254, unique=True, default="")
    name = Varchar(length=200, default="")
    password_hash = Varchar(length=200, null=True, secret=True, default=None)
    email_confirmed_at = Timestamptz(null=True, default=None)
    birthday = Date(null=True, default=None)
    created_at = Timestamptz(default=None)
    erased_at = Timestamptz(null=True, default=None)


class Operator(Table):
    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    role = Varchar(length=10, default="staff")
    permissions = Array(base_column=Varchar(length=20), default=list)
    since = Timestamptz(default=None)


class Session(Table):
    digest = Bytea(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    agent = Varchar(length=200, default="")
    started_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class SignInLink(Table):
    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade, index=True)
    token_digest = Bytea(null=True, unique=True, default=None)
    code_digest = Bytea(null=True, default=None)
    code_tries = Integer(default=0)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class EmailConfirmation(Table):
    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    email = Varchar(length=254, default="")
    former = Varchar(length=254, default="")
    token_digest = Bytea(null=True, unique=True, default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class RateLimitWindow(Table):
    key = Bytea(primary_key=True, default=None)
    at = Array(base_column=Timestamptz(), default=list)
    is_refused = Boolean(default=False)
    changed_at = Timestamptz(default=None)


class Address(Table):
    id = UUID(primary_key=True, default=None)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    name = Varchar(length=200, default="")
    line1 = Varchar(length=200, default="")
    line2 = Varchar(length=200, default="")
    city = Varchar(length=100, default="")
    postcode = Varchar(length=20, default="")
    country = Varchar(length=2, default="")
    is_default = Boolean(default=False)
    created_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class ApiKey(Table):
    id = UUID(primary_key=True, default=None)
    name = Varchar(length=80, default="")
    prefix = Varchar(length=12, default="")
    digest = Bytea(unique=True, default=None)
    scopes = Array(base_column=Varchar(length=30), default=list)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


# catalog


class Product(Table):
    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=255, unique=True, default="")
    title = Varchar(length=255, default="")
    description = Text(default="")
    vendor = Varchar(length=255, default="")
    kind = Varchar(length=255, default="")
    tags = Array(base_column=Varchar(length=255), default=list)
    option_names = Array(base_column=Varchar(length=255), default=list)
    status = Varchar(length=8, index=True, default="draft")
    public_from = Timestamptz(null=True, default=None)
    members_only = Boolean(default=False)
    position = Integer(default=0)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


class Variant(Table):
    id = UUID(primary_key=True, default=None)
    product = ForeignKey(Product, null=False, on_delete=OnDelete.cascade, index=True)
    sku = Varchar(length=255, null=True, unique=True, default=None)
    title = Varchar(length=255, default="")
    options = Array(base_column=Varchar(length=255), default=list)
    price = BigInt(default=0)
    cost = BigInt(null=True, default=None)
    compare_at = BigInt(null=True, default=None)
    sale_price = BigInt(null=True, default=None)
    sale_from = Timestamptz(null=True, default=None)
    sale_until = Timestamptz(null=True, default=None)
    position = Integer(default=0)
    barcode = Varchar(length=255, default="")
    weight_grams = Integer(default=0)
    is_taxable = Boolean(default=True)
    needs_delivery = Boolean(default=True)
    tracks_stock = Boolean(default=True)
    sells_when_out = Boolean(default=False)
    on_hand = Integer(default=0)
    reserved = Integer(default=0)
    early_allotment = Integer(null=True, default=None)
    early_taken = Integer(default=0)
    withdrawn_at = Timestamptz(null=True, default=None)

    cost_is_not_negative = Check("cost >= 0")


class PriceRecord(Table):
    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(Variant, null=False, on_delete=OnDelete.cascade)
    at = Timestamptz(default=None)
    price = BigInt(default=0)
    sale_price = BigInt(null=True, default=None)
    sale_from = Timestamptz(null=True, default=None)
    sale_until = Timestamptz(null=True, default=None)


class SalePrice(Table):
    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120, default="")
    scope_kind = Varchar(length=10, default="")
    scope_ids = Array(base_column=UUID(default=None), default=list)
    discount_type = Varchar(length=8, default="")
    value = BigInt(default=0)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    made_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class Collection(Table):
    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=255, unique=True, default="")
    title = Varchar(length=255, default="")
    description = Text(default="")
    position = Integer(default=0)
    is_listed = Boolean(default=True)


class CollectionProduct(Table):
    id = UUID(primary_key=True, default=None)
    collection = ForeignKey(Collection, null=False, on_delete=OnDelete.cascade)
    product = ForeignKey(Product, null=False, on_delete=OnDelete.cascade, index=True)


class Picture(Table):
    id = UUID(primary_key=True, default=None)
    product = ForeignKey(Product, null=False, on_delete=OnDelete.cascade, index=True)
    variant = ForeignKey(Variant, null=True, on_delete=OnDelete.set_null)
    path = Text(default="")
    alt = Text(default="")
    position = Integer(default=0)
    width = Integer(default=0)
    height = Integer(default=0)


class StockMovement(Table):
    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(Variant, null=False, on_delete=OnDelete.restrict, index=True)
    change = Integer(default=0)
    kind = Varchar(length=10, default="")
    because_of = UUID(null=True, default=None)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class Reservation(Table):
    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(Variant, null=False, on_delete=OnDelete.restrict, index=True)
    quantity = Integer(default=0)
    counted = Boolean(default=True)
    because_of = UUID(index=True, default=None)
    until = Timestamptz(default=TimestamptzNow())
    ended_at = Timestamptz(null=True, default=None)
    ended_as = Varchar(length=8, null=True, default=None)


class EarlyUnits(Table):
    id = UUID(primary_key=True, default=None)
    variant = ForeignKey(Variant, null=False, on_delete=OnDelete.restrict, index=True)
    product = UUID(default=None)
    person = UUID(null=True, default=None)
    because_of = UUID(default=None)
    quantity = Integer(default=0)
    returned = Integer(default=0)
    bought = Integer(default=0)
    refunded = Integer(default=0)
    most = Integer(null=True, default=None)
    at = Timestamptz(default=None)

    once_per_order = Unique([because_of, variant])


class EarlyCount(Table):
    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    product = UUID(default=None)
    units = Integer(default=0)

    one_per_product = Unique([person, product])


# ledger


class Account(Table, tablename="ledger_account"):
    id = UUID(primary_key=True, default=None)
    person = UUID(null=True, default=None)
    kind = Varchar(length=24, default="")
    currency = Varchar(length=3, default="")
    balance = BigInt(default=0)


class Lot(Table, tablename="ledger_lot"):
    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    kind = Varchar(length=24, default="")
    benefit = UUID(null=True, default=None)
    order_id = UUID(null=True, index=True, default=None)
    words = Text(default="")
    amount = BigInt(default=0)
    pending = BigInt(default=0)
    remaining = BigInt(default=0)
    given_at = Timestamptz(default=None)
    due_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)


class Posting(Table, tablename="ledger_posting"):
    id = UUID(primary_key=True, default=None)
    cause = Varchar(length=160, unique=True, default="")
    kind = Varchar(length=20, default="")
    person = UUID(default=None)
    because_of = UUID(null=True, index=True, default=None)
    words = Text(default="")
    at = Timestamptz(default=None)
    turn = BigInt(default=0)


class Entry(Table, tablename="ledger_entry"):
    id = UUID(primary_key=True, default=None)
    posting = ForeignKey(Posting, null=False, on_delete=OnDelete.restrict, index=True)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict, index=True)
    lot = ForeignKey(Lot, null=False, on_delete=OnDelete.restrict, index=True)
    amount = BigInt(default=0)


# payments


class Reference(Table, tablename="payment_reference"):
    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=20, default="")
    local_id = UUID(default=None)
    stripe_id = Varchar(length=100, unique=True, default="")
    since = Timestamptz(default=None)

    one_per_thing = Unique([kind, local_id])


class InboxEvent(Table):
    id = Varchar(length=100, primary_key=True, default=None)
    type = Varchar(length=100, index=True, default="")
    object_kind = Varchar(length=60, default="")
    object_id = Varchar(length=100, index=True, default="")
    is_live = Boolean(default=False)
    payload = JSON(default="{}")
    happened_at = Timestamptz(default=None)
    received_at = Timestamptz(index=True, default=None)
    handled_at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=200, default="")
    tries = Integer(default=0)
    next_try_at = Timestamptz(null=True, default=None)
    parked_at = Timestamptz(null=True, default=None)
    why = Text(default="")


class CheckoutSession(Table):
    id = UUID(primary_key=True, default=None)
    purpose = Varchar(length=10, default="")
    reference_id = UUID(index=True, default=None)
    along = UUID(null=True, index=True, default=None)
    along_amount = BigInt(default=0)
    attempt = Integer(default=1)
    key = Varchar(length=120, unique=True, default="")
    person_id = UUID(null=True, index=True, default=None)
    email = Varchar(length=254, default="")
    request = JSON(default="{}")
    fingerprint = Varchar(length=64, default="")
    stripe_session_id = Varchar(length=100, null=True, unique=True, default=None)
    url = Text(null=True, default=None)
    status = Varchar(length=10, default="creating")
    payment_status = Varchar(length=30, default="")
    amount = BigInt(default=0)
    currency = Varchar(length=3, default="")
    payment_intent = Varchar(length=100, null=True, index=True, default=None)
    subscription_ref = Varchar(length=100, null=True, index=True, default=None)
    payment_method = Varchar(length=100, null=True, default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(null=True, default=None)
    replaced_at = Timestamptz(null=True, default=None)
    completed_at = Timestamptz(null=True, default=None)
    paid_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    expired_at = Timestamptz(null=True, default=None)

    one_per_attempt = Unique([purpose, reference_id, attempt])


class MirroredSubscription(Table):
    stripe_id = Varchar(length=100, primary_key=True, default=None)
    local_id = UUID(null=True, index=True, default=None)
    customer = Varchar(length=100, index=True, default="")
    status = Varchar(length=20, default="")
    price = Varchar(length=100, default="")
    amount = BigInt(default=0)
    currency = Varchar(length=3, default="")
    current_period_start = Timestamptz(null=True, default=None)
    current_period_end = Timestamptz(null=True, default=None)
    trial_end = Timestamptz(null=True, default=None)
    cancel_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    started_at = Timestamptz(default=None)
    payment_method = Varchar(length=100, null=True, default=None)
    latest_invoice = Varchar(length=100, null=True, default=None)
    mirrored_at = Timestamptz(default=None)


class MirroredInvoice(Table):
    stripe_id = Varchar(length=100, primary_key=True, default=None)
    subscription = Varchar(length=100, null=True, index=True, default=None)
    local_id = UUID(null=True, index=True, default=None)
    number = Varchar(length=60, null=True, default=None)
    reason = Varchar(length=40, default="")
    status = Varchar(length=20, default="")
    amount_due = BigInt(default=0)
    amount_paid = BigInt(default=0)
    total = BigInt(default=0)
    tax = BigInt(default=0)
    currency = Varchar(length=3, default="")
    period_start = Timestamptz(null=True, default=None)
    period_end = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    next_attempt_at = Timestamptz(null=True, default=None)
    payment_intent = Varchar(length=100, null=True, index=True, default=None)
    receipt_url = Text(null=True, default=None)
    created_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None)
    mirrored_at = Timestamptz(default=None)


class MirroredPayment(Table):
    stripe_id = Varchar(length=100, primary_key=True, default=None)
    purpose = Varchar(length=10, default="")
    reference_id = UUID(null=True, index=True, default=None)
    invoice = Varchar(length=100, null=True, index=True, default=None)
    status = Varchar(length=30, default="")
    amount = BigInt(default=0)
    received = BigInt(default=0)
    currency = Varchar(length=3, default="")
    payment_method = Varchar(length=100, null=True, default=None)
    failure = Text(default="")
    created_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(default=None)


class RequestedRefund(Table):
    key = UUID(primary_key=True, default=None)
    reference_id = UUID(index=True, default=None)
    payment_intent = Varchar(length=100, index=True, default="")
    amount = BigInt(default=0)
    currency = Varchar(length=3, default="")
    asked_at = Timestamptz(default=None)
    stripe_id = Varchar(length=100, null=True, unique=True, default=None)
    refused = Text(null=True, default=None)


class MirroredRefund(Table):
    stripe_id = Varchar(length=100, primary_key=True, default=None)
    payment_intent = Varchar(length=100, null=True, index=True, default=None)
    reference_id = UUID(null=True, index=True, default=None)
    key = UUID(null=True, default=None)
    status = Varchar(length=20, default="")
    amount = BigInt(default=0)
    currency = Varchar(length=3, default="")
    failure = Text(default="")
    created_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(default=None)


class MirroredDispute(Table):
    stripe_id = Varchar(length=100, primary_key=True, default=None)
    payment_intent = Varchar(length=100, null=True, index=True, default=None)
    reference_id = UUID(null=True, index=True, default=None)
    status = Varchar(length=40, default="")
    reason = Varchar(length=40, default="")
    amount = BigInt(default=0)
    currency = Varchar(length=3, default="")
    answer_by = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    mirrored_at = Timestamptz(default=None)


class Mismatch(Table):
    id = UUID(primary_key=True, default=None)
    page_id = UUID(unique=True, default=None)
    reference_id = UUID(index=True, default=None)
    agreed_amount = BigInt(default=0)
    agreed_currency = Varchar(length=3, default="")
    paid_amount = BigInt(default=0)
    paid_currency = Varchar(length=3, default="")
    found_at = Timestamptz(default=None)
    settled_at = Timestamptz(null=True, default=None)
    settled_by = UUID(null=True, default=None)
    words = Text(default="")


class ReconcileRun(Table):
    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10, default="")
    started_at = Timestamptz(index=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    events_until = Timestamptz(null=True, default=None)
    repaired = Integer(default=0)
    trouble = Text(default="")


# rewards


class Gift(Table):
    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    benefit = UUID(index=True, default=None)
    cause = Varchar(length=160, unique=True, default="")
    words = Text(default="")
    offered = JSON(default="{}")
    given_at = Timestamptz(default=None)
    claim_until = Timestamptz(null=True, default=None)
    chosen = UUID(null=True, default=None)
    order_id = UUID(null=True, index=True, default=None)
    claimed_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class PartnerCode(Table):
    id = UUID(primary_key=True, default=None)
    benefit = UUID(default=None)
    code = Varchar(length=200, default="")
    position = Integer(default=0)
    added_at = Timestamptz(default=None)
    person = UUID(null=True, default=None)
    claimed_at = Timestamptz(null=True, default=None)


class PerkUse(Table):
    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    benefit = UUID(default=None)
    at = Timestamptz(default=None)
    by = UUID(default=None)
    note = Varchar(length=300, default="")
    undone_at = Timestamptz(null=True, default=None)
    undone_by = UUID(null=True, default=None)


# pricing


class Coupon(Table):
    id = UUID(primary_key=True, default=None)
    code = Varchar(length=40, unique=True, default="")
    words = Varchar(length=120, default="")
    discount_type = Varchar(length=13, default="")
    value = BigInt(default=0)
    scope_kind = Varchar(length=10, default="everything")
    scope_ids = Array(base_column=UUID(default=None), default=list)
    minimum = BigInt(default=0)
    stacks = Boolean(default=False)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    limit_total = Integer(null=True, default=None)
    limit_each = Integer(null=True, default=None)
    plans = Array(base_column=Varchar(length=255), default=list)
    first_order_only = Boolean(default=False)
    used = Integer(default=0)
    made_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class CouponUse(Table):
    id = UUID(primary_key=True, default=None)
    coupon = ForeignKey(Coupon, null=False, on_delete=OnDelete.restrict)
    order_id = UUID(unique=True, default=None)
    person = UUID(null=True, default=None)
    email = Varchar(length=320, default="")
    state = Varchar(length=8, default="reserved")
    at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


# memberships


class Plan(Table):
    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=80, unique=True, default="")
    name = Varchar(length=120, default="")
    summary = Text(default="")
    position = Integer(default=0)
    is_offered = Boolean(default=True)
    created_at = Timestamptz(default=None)
    trial_days = Integer(default=0)
    trial_ends = Varchar(length=16, default="card")
    seats = Integer(default=0)
    is_giftable = Boolean(default=False)


class PlanVersion(Table):
    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict, index=True)
    price = BigInt(default=0)
    currency = Varchar(length=3, default="")
    interval = Varchar(length=8, default="")
    interval_count = Integer(default=1)
    is_once = Boolean(default=False)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)


class Benefit(Table):
    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=40, default="")
    name = Varchar(length=120, default="")
    created_at = Timestamptz(default=None)


class BenefitVersion(Table):
    id = UUID(primary_key=True, default=None)
    benefit = ForeignKey(Benefit, null=False, on_delete=OnDelete.restrict, index=True)
    settings = JSON(default="{}")
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)


class PlanBenefit(Table):
    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict, index=True)
    benefit = ForeignKey(Benefit, null=False, on_delete=OnDelete.restrict, index=True)
    position = Integer(default=0)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)


class Subscription(Table):
    id = UUID(primary_key=True, default=None)
    payer = UUID(index=True, default=None)
    plan_version = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    status = Varchar(length=12, default="pending")
    attempt = Integer(default=1)
    created_at = Timestamptz(default=None)
    started_at = Timestamptz(null=True, default=None)
    current_period_start = Timestamptz(null=True, default=None)
    current_period_end = Timestamptz(null=True, default=None)
    past_due_since = Timestamptz(null=True, default=None)
    cancel_at = Timestamptz(null=True, default=None)
    cancel_reason = Varchar(length=40, null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class PaidPeriod(Table):
    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    invoice = Varchar(length=80, unique=True, default="")
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    amount = BigInt(default=0)
    currency = Varchar(length=3, default="")
    paid_at = Timestamptz(default=None)


class Membership(Table):
    id = UUID(primary_key=True, default=None)
    holder = UUID(index=True, default=None)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict, index=True)
    source = Varchar(length=12, default="")
    source_id = UUID(index=True, default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(null=True, default=None)
    end_announced_at = Timestamptz(null=True, default=None)
    given_by = UUID(null=True, default=None)
    note = Text(default="")


class Entitlement(Table):
    id = UUID(primary_key=True, default=None)
    membership = ForeignKey(Membership, null=False, on_delete=OnDelete.restrict, index=True)
    person = UUID(default=None)
    benefit = ForeignKey(Benefit, null=False, on_delete=OnDelete.restrict, index=True)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    because_of = Varchar(length=60, default="")


class BenefitUse(Table):
    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    benefit = ForeignKey(Benefit, null=True, on_delete=OnDelete.restrict)
    reference = Varchar(length=120, unique=True, default="")
    order_id = UUID(null=True, index=True, default=None)
    kind = Varchar(length=20, default="")
    words = Text(default="")
    why = Text(default="")
    regular = BigInt(default=0)
    paid = BigInt(default=0)
    currency = Varchar(length=3, default="")
    at = Timestamptz(index=True, default=None)


class PaidTerm(Table):
    id = UUID(primary_key=True, default=None)
    payer = UUID(index=True, default=None)
    plan_version = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    created_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None)
    lapsed_at = Timestamptz(null=True, default=None)


class GiftMembership(Table):
    id = UUID(primary_key=True, default=None)
    buyer = UUID(index=True, default=None)
    plan_version = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    code = Varchar(length=24, unique=True, default="")
    giver_name = Varchar(length=120, default="")
    recipient_name = Varchar(length=120, default="")
    recipient_email = Varchar(length=254, default="")
    message = Text(default="")
    send_at = Timestamptz(default=None)
    created_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None)
    lapsed_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    redeemed_at = Timestamptz(null=True, default=None)
    redeemed_by = UUID(null=True, index=True, default=None)
    begun_at = Timestamptz(null=True, default=None)
    refunded_at = Timestamptz(null=True, default=None)
    refunded_by = UUID(null=True, default=None)


class Seat(Table):
    id = UUID(primary_key=True, default=None)
    source_id = UUID(index=True, default=None)
    payer = UUID(index=True, default=None)
    email = Varchar(length=254, default="")
    offered_at = Timestamptz(default=None)
    holder = UUID(null=True, index=True, default=None)
    taken_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class Trial(Table):
    id = UUID(primary_key=True, default=None)
    person = UUID(index=True, default=None)
    subscription = ForeignKey(Subscription, null=False, on_delete=OnDelete.restrict, unique=True)
    email_key = Varchar(length=64, unique=True, default="")
    card = Varchar(length=80, null=True, unique=True, default=None)
    at = Timestamptz(default=None)


class RefusedTrial(Table):
    subscription = UUID(primary_key=True, default=None)
    why = Varchar(length=20, default="")
    at = Timestamptz(default=None)


class PlanChange(Table):
    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    to_version = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict)
    is_now = Boolean(default=False)
    keeps_length = Boolean(default=False)
    proration_at = Timestamptz(null=True, default=None)
    amount = BigInt(default=0)
    currency = Varchar(length=3, default="")
    asked_at = Timestamptz(default=None)
    due_at = Timestamptz(index=True, default=None)
    applied_at = Timestamptz(null=True, default=None)
    dropped_at = Timestamptz(null=True, default=None)
    why_dropped = Varchar(length=200, default="")


class Pause(Table):
    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(index=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class PriceMigration(Table):
    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict, index=True)
    to_version = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict)
    from_at = Timestamptz(default=None)
    notice_days = Integer(default=30)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)


class PriceMove(Table):
    id = UUID(primary_key=True, default=None)
    migration = ForeignKey(PriceMigration, null=False, on_delete=OnDelete.restrict, index=True)
    subscription = ForeignKey(Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    told_at = Timestamptz(default=None)
    renews_at = Timestamptz(default=None)
    moved_at = Timestamptz(null=True, default=None)

    once = Unique([migration, subscription])


class SpendRule(Table):
    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict, index=True)
    threshold = BigInt(default=0)
    currency = Varchar(length=3, default="")
    months = Integer(default=12)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


# orders


class Order(Table, tablename="orders"):
    id = UUID(primary_key=True, default=None)
    number = Varchar(length=20, unique=True, default="")
    token = Varchar(length=43, unique=True, default="")
    person = UUID(null=True, index=True, default=None)
    email = Varchar(length=254, index=True, default="")
    name = Varchar(length=200, default="")
    currency = Varchar(length=3, default="")
    goods = BigInt(default=0)
    member_savings = BigInt(default=0)
    delivery_list = BigInt(default=0)
    delivery_saved = BigInt(default=0)
    delivery = BigInt(default=0)
    tax = BigInt(default=0)
    tax_rate = Integer(default=0)
    tax_name = Varchar(length=60, default="")
    tax_is_included = Boolean(default=True)
    total = BigInt(default=0)
    credit = BigInt(default=0)
    coupon = BigInt(default=0)
    coupon_code = Varchar(length=40, default="")
    joins = UUID(null=True, index=True, default=None)
    joining_fee = BigInt(default=0)
    joining_words = Varchar(length=200, default="")
    joining_trial_days = Integer(default=0)
    delivery_method = Varchar(length=100, default="")
    delivery_words = Varchar(length=200, default="")
    delivery_benefit = UUID(null=True, default=None)
    address = JSON(default="{}")
    price_context_key = Text(default="")
    payment_reference = Varchar(length=255, null=True, default=None)
    placed_at = Timestamptz(index=True, default=None)
    expires_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, index=True, default=None)
    stock_taken_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    fulfilled_at = Timestamptz(null=True, default=None)
    flagged_at = Timestamptz(null=True, default=None)
    flag = Text(default="")


class OrderLine(Table):
    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, on_delete=OnDelete.restrict)
    position = Integer(default=0)
    variant_id = UUID(index=True, default=None)
    product_id = UUID(index=True, default=None)
    sku = Varchar(length=100, default="")
    title = Varchar(length=255, default="")
    variant_title = Varchar(length=255, default="")
    slug = Varchar(length=255, default="")
    picture = Varchar(length=255, default="")
    quantity = Integer(default=0)
    regular_unit = BigInt(default=0)
    unit = BigInt(default=0)
    unit_cost = BigInt(null=True, default=None)
    total = BigInt(default=0)
    tax = BigInt(default=0)
    saved = BigInt(default=0)
    coupon = BigInt(default=0)
    rule_id = UUID(null=True, default=None)
    gift = UUID(null=True, default=None)
    trace = JSON(default="{}")

    unit_cost_is_not_negative = Check("unit_cost >= 0")


class Fulfilment(Table):
    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, on_delete=OnDelete.restrict, unique=True)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    carrier = Varchar(length=100, default="")
    tracking = Varchar(length=200, default="")


class Refund(Table):
    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, on_delete=OnDelete.restrict)
    amount = BigInt(default=0)
    credit = BigInt(default=0)
    currency = Varchar(length=3, default="")
    reason = Varchar(length=300, default="")
    restocks = Boolean(default=False)
    at = Timestamptz(index=True, default=None)
    by = UUID(null=True, default=None)
    status = Varchar(length=20, default="asked")
    stripe_id = Varchar(length=100, null=True, unique=True, default=None)
    settled_at = Timestamptz(null=True, default=None)


class RefundLine(Table):
    id = UUID(primary_key=True, default=None)
    refund = ForeignKey(Refund, null=False, on_delete=OnDelete.restrict)
    line = ForeignKey(OrderLine, null=False, on_delete=OnDelete.restrict)
    quantity = Integer(default=0)
    amount = BigInt(default=0)

    once_per_refund = Unique([refund, line])


class OrderNote(Table):
    id = UUID(primary_key=True, default=None)
    order = ForeignKey(Order, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    words = Text(default="")


# content


class Article(Table):
    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=160, unique=True, default="")
    title = Varchar(length=200, default="")
    teaser = Text(default="")
    body = Text(default="")
    cover = Text(default="")
    cover_alt = Text(default="")
    gate = Varchar(length=8, default="public")
    drip_days = Integer(default=0)
    published_at = Timestamptz(null=True, index=True, default=None)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)


# messaging


class Email(Table):
    id = UUID(primary_key=True, default=None)
    key = Varchar(length=200, unique=True, default="")
    person = UUID(null=True, index=True, default=None)
    recipient = Varchar(length=254, index=True, default="")
    template = Varchar(length=60, index=True, default="")
    subject = Varchar(length=300, default="")
    html = Text(default="")
    text = Text(default="")
    secrets = JSONB(null=True, secret=True, default=None)
    secrets_until = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)
    tries = Integer(default=0)
    failed_at = Timestamptz(null=True, default=None)
    failure = Varchar(length=500, default="")


# checkout


class Basket(Table):
    id = UUID(primary_key=True, default=None)
    person = UUID(null=True, default=None)
    coupon = UUID(null=True, default=None)
    changed_at = Timestamptz(index=True, default=None)


class BasketToken(Table):
    digest = Bytea(primary_key=True, default=None)
    basket = ForeignKey(Basket, null=False, on_delete=OnDelete.cascade)
    since = Timestamptz(default=None)


class BasketLine(Table):
    id = UUID(primary_key=True, default=None)
    basket = ForeignKey(Basket, null=False, on_delete=OnDelete.cascade)
    variant = UUID(default=None)
    quantity = Integer(default=0)
    added_at = Timestamptz(default=None)

    once_per_basket = Unique([basket, variant])


class Attempt(Table):
    id = UUID(primary_key=True, default=None)
    basket = UUID(index=True, default=None)
    order = UUID(unique=True, default=None)
    form_key = UUID(index=True, default=None)
    agreed = Bytea(default=b"")
    units = JSON(default="{}")
    at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_as = Varchar(length=20, default="")


class DeliveryMethod(Table):
    id = UUID(primary_key=True, default=None)
    name = Varchar(length=100, default="")
    words = Varchar(length=200, default="")
    fee = BigInt(default=0)
    countries = Array(base_column=Varchar(length=2), default=list)
    free_from = BigInt(null=True, default=None)
    position = Integer(default=0)
    ended_at = Timestamptz(null=True, default=None)


class TaxRate(Table):
    id = UUID(primary_key=True, default=None)
    country = Varchar(length=2, unique=True, default="")
    rate_bp = Integer(default=0)
    name = Varchar(length=60, default="")
    is_included = Boolean(default=True)


# insights


class Movement(Table):
    id = UUID(primary_key=True, default=None)
    person = UUID(default=None)
    turn = Integer(default=0)
    kind = Varchar(length=12, default="")
    amount = BigInt(default=0)
    balance = BigInt(default=0)
    because = Varchar(length=20, default="")
    at = Timestamptz(index=True, default=None)
    noted_at = Timestamptz(default=None)


class RuleDraft(Table):
    id = UUID(primary_key=True, default=None)
    name = Varchar(length=120, default="")
    revision = JSON(default="{}")
    cost_share = Integer(default=0)
    days = Integer(default=90)
    created_at = Timestamptz(index=True, default=None)
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
    id = UUID(primary_key=True, default=None)
    at = Timestamptz(index=True, default=None)
    asked = Integer(default=0)
    troubles = JSON(default="{}")


# product_files


class ImportedFile(Table):
    id = UUID(primary_key=True, default=None)
    name = Varchar(length=255, unique=True, default="")
    source = Varchar(length=20, default="")
    header = Array(base_column=Text(), default=list)
    preamble = Text(default="")
    line_end = Varchar(length=2, default="")
    ends_with_line_end = Boolean(default=True)
    brought_in_at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class ImportedRow(Table):
    id = UUID(primary_key=True, default=None)
    file = ForeignKey(ImportedFile, null=False, on_delete=OnDelete.cascade)
    position = Integer(default=0)
    key = Text(default="")
    cells = JSON(default="{}")
    product = UUID(null=True, index=True, default=None)
    variant = UUID(null=True, index=True, default=None)


class StoredReport(Table):
    id = UUID(primary_key=True, default=None)
    key = UUID(default=None)
    name = Varchar(length=200, default="")
    asked = Bytea(default=None)
    answer = JSON(null=True, default=None)
    at = Timestamptz(index=True, default=None)

    once_per_name = Unique([key, name])


TABLES = [found for found in list(globals().values()) if isinstance(found, type) and found.__module__ == __name__]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)
    for table in TABLES:
        name, meta = table.__name__, table._meta
        manager.add_table(class_name=name, tablename=meta.tablename)
        for column in meta.non_default_columns:
            manager.add_column(
                table_class_name=name,
                tablename=meta.tablename,
                column_name=column._meta.name,
                db_column_name=column._meta.db_column_name,
                column_class=type(column),
                params=column._meta.params,
            )
        for constraint in meta.constraints:
            manager.add_constraint(
                table_class_name=name,
                tablename=meta.tablename,
                constraint_name=constraint._meta.name,
                constraint_class=type(constraint),
                params=constraint._meta.params,
            )
    return manager
