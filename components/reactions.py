"""What happens in response to each fact: every cause and effect of the shop on one screen.

Each reaction is a job of its own, is retried when it fails, and may run twice with the same result.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from components.adoption import adoption_erasure
from components.adoption.facts import MemberAdopted
from components.behaviour import visit_erasure
from components.catalog.early_access import purchases
from components.checkout.basket import basket_coupons, baskets
from components.checkout.placement import agreed_terms, payment_return
from components.consents import consents, contact_moves
from components.consents import facts as consent_facts
from components.experiments import price_promises
from components.foundation.outbox import Fact
from components.insights.movements import movements
from components.invoices import erasure as invoice_erasure
from components.invoices import facts as invoice_facts
from components.invoices import invoice_export
from components.invoices import reactions as invoices
from components.ledger import credit, credit_export
from components.memberships import benefit_events, membership_export
from components.memberships import erasure as membership_erasure
from components.memberships import facts as membership_facts
from components.memberships import reactions as memberships
from components.memberships.billing import (
    fee_disputes,
    fee_refunds,
    payments_due,
    plan_confirmations,
    request_results,
)
from components.memberships.billing.states import cancel_attempts, fee_tax_moves
from components.memberships.discounts import discount_upkeep
from components.memberships.editing import plan_promises
from components.memberships.grants import paid_once_refunds
from components.memberships.keeping_members import offers_taken
from components.memberships.renewal_credits import renewal_credits
from components.messaging import adoption_emails, cancellation_notices, invoice_emails, mailbox, promise_emails
from components.messaging.alerts import dispute_alerts, refund_alerts
from components.messaging.emails import (
    account_emails,
    fee_emails,
    gift_emails,
    membership_emails,
    membership_ended_emails,
    order_emails,
    pause_emails,
    payment_emails,
    plan_change_emails,
    plan_emails,
    refund_corrections,
    refused_wish_emails,
    seat_emails,
    security_emails,
    unpaid_emails,
)
from components.messaging.notices import consent_emails, erased_emails, fee_tax_emails, price_emails, withdrawals
from components.old_shop import customer_erasure, old_shop_export
from components.orders import benefits_used, order_rewards
from components.orders import erasure as order_erasure
from components.orders.facts import (
    OrderAddressChanged,
    OrderExpired,
    OrderPaid,
    OrderRefunded,
    OrderShipped,
    RefundFailed,
    RefundNotPaid,
    RefundRequested,
)
from components.orders.history import customer_spend, own_orders_export, tax_reports
from components.orders.refunds import refunds
from components.payments import cards, customers, payer_erasure
from components.payments.checkout_sessions import page_closing, saved_cards
from components.payments.facts import (
    AmountMismatch,
    BillingRequestSettled,
    CardSaved,
    CheckoutSessionExpired,
    CheckoutSessionPaid,
    CheckoutSessionPaymentFailed,
    DisputeMirrored,
    FraudWarned,
    InvoiceDrafted,
    InvoiceFailed,
    InvoicePaid,
    InvoiceVoided,
    RefundMirrored,
    SavedCardRemoved,
    SubscriptionMirrored,
)
from components.people import facts as people
from components.people.privacy import data_export, erasure, erasure_wishes
from components.pricing.coupons import coupon_export, redemptions
from components.product_files.runs import record_undo
from components.rewards import reward_erasure, reward_export
from components.segments import customer_tags

Reaction = Callable[[Any], Awaitable[None]]

REACTIONS: dict[type[Fact], tuple[Reaction, ...]] = {
    people.AccountOpened: (account_emails.welcome_email, consents.account_opened),
    people.EmailsAgreed: (consents.emails_agreed,),
    consent_facts.ConsentAsked: (consent_emails.confirmation,),
    people.SignInLinkRequested: (account_emails.sign_in_email,),
    people.IdentityCodeRequested: (account_emails.identity_code_email,),
    people.EmailConfirmationRequested: (account_emails.confirmation_email,),
    people.EmailChanged: (account_emails.email_changed_email, contact_moves.follow_email, customers.follow_email),
    people.PasswordChanged: (account_emails.password_email,),
    people.SecondFactorChanged: (security_emails.second_factor_email,),
    people.OperatorInvited: (account_emails.invitation_email,),
    people.PersonErased: (
        contact_moves.erase_person,  # before the e-mails: it waits for those that are just written
        account_emails.erase_emails,
        erased_emails.erase_told_to_others,  # before the agreements: whom a gift goes to goes with these
        cancellation_notices.erase_person,
        withdrawals.erase_person,
        order_erasure.erase_person,
        invoice_erasure.erase_person,
        purchases.forget_person,
        baskets.erase_person,
        payer_erasure.erase_payer,
        membership_erasure.erase_agreements,
        membership_erasure.stop_billing,
        credit.erase_person,
        reward_erasure.erase_person,
        visit_erasure.erase_person,
        redemptions.erase_person,
        customer_erasure.forget_person,
        adoption_erasure.forget_person,
        record_undo.forget_person,
        customer_tags.erase_person,
    ),
    CheckoutSessionPaid: (
        payment_return.session_paid,
        memberships.complete_signup,
        saved_cards.remember_paid,
        invoices.term_paid,
    ),
    CheckoutSessionExpired: (payment_return.session_expired, memberships.expire_signup),
    CheckoutSessionPaymentFailed: (
        payment_return.session_payment_failed,
        memberships.fail_signup,
        unpaid_emails.payment_not_made,
    ),
    AmountMismatch: (payment_return.amount_mismatched,),
    RefundMirrored: (
        refunds.apply_mirrored,
        fee_refunds.apply_mirrored,
        paid_once_refunds.apply_mirrored,
        gift_emails.refunded,
    ),
    DisputeMirrored: (dispute_alerts.dispute, fee_disputes.follow_setting, order_rewards.dispute_decided),
    FraudWarned: (dispute_alerts.fraud_warning,),
    membership_facts.FeeDiscountBegan: (plan_emails.discount_began,),
    membership_facts.FeeDiscountEnded: (plan_emails.discount_ended,),
    membership_facts.FeeRefundRequested: (fee_refunds.send_requested,),
    membership_facts.FeeRefunded: (
        invoices.fee_refunded,
        fee_refunds.end_if_wanted,
        fee_emails.refunded,
        refund_alerts.fee_to_decide,
    ),
    membership_facts.RefundedFeeEnded: (fee_refunds.end_if_wanted,),
    membership_facts.FeeRefundFailed: (
        invoices.fee_refunded,
        refund_corrections.of_fee,
        refund_alerts.fee_refund_failed,
    ),
    OrderPaid: (
        payment_return.order_paid,
        tax_reports.order_paid,
        invoices.order_paid,
        benefits_used.record,
        order_rewards.order_paid,
        customer_spend.record_order,
        agreed_terms.confirm_order,
    ),
    OrderAddressChanged: (order_emails.address_changed,),
    invoice_facts.BuyerCorrected: (invoice_emails.corrected,),
    OrderShipped: (order_emails.shipped,),
    OrderExpired: (payment_return.order_expired,),
    RefundRequested: (refunds.send_asked,),
    OrderRefunded: (
        tax_reports.order_refunded,
        invoices.order_refunded,
        benefits_used.reverse,
        order_rewards.order_refunded,
        customer_spend.record_order,
        order_emails.refunded,
    ),
    RefundFailed: (
        tax_reports.refund_failed,
        invoices.order_refunded,
        benefits_used.restore,
        order_rewards.order_refunded,
        customer_spend.record_order,
    ),
    RefundNotPaid: (refund_corrections.of_order, refund_alerts.order_refund_failed),
    SubscriptionMirrored: (
        memberships.apply_subscription,
        saved_cards.remember_subscription,
        plan_confirmations.settle_mirrored,
        discount_upkeep.follow_subscription,
    ),
    InvoiceDrafted: (renewal_credits.use,),
    InvoiceVoided: (renewal_credits.follow_void, discount_upkeep.follow_void),
    InvoicePaid: (
        renewal_credits.follow_paid,
        memberships.record_period,
        discount_upkeep.follow_invoice,
        invoices.fee_paid,
        benefit_events.invoice_paid,
        payment_emails.receipt,
    ),
    InvoiceFailed: (memberships.apply_failed_renewal, payment_emails.payment_failed),
    membership_facts.MembershipStarted: (
        movements.record_start,
        benefit_events.membership_started,
        basket_coupons.membership_started,
        agreed_terms.welcome_member,
        seat_emails.back,
    ),
    membership_facts.MembershipEnded: (
        movements.record_end,
        memberships.start_pending,
        memberships.close_seats,
        membership_ended_emails.membership_ended,
        seat_emails.on_hold,
    ),
    membership_facts.PausePlanned: (pause_emails.pause_planned, offers_taken.pause_taken),
    membership_facts.PauseDropped: (pause_emails.pause_dropped,),
    membership_facts.PauseBegan: (movements.record_subscription, pause_emails.pause_begun, offers_taken.pause_taken),
    membership_facts.PauseEndedEarly: (pause_emails.membership_resumed,),
    membership_facts.PlanChanged: (movements.record_subscription, plan_emails.plan_changed, offers_taken.plan_taken),
    membership_facts.PlanChangePlanned: (plan_change_emails.planned, offers_taken.plan_taken),
    membership_facts.PlanChangeDropped: (plan_change_emails.dropped,),
    membership_facts.TrialStarted: (plan_emails.trial_started,),
    membership_facts.TrialRefused: (payment_return.trial_refused, plan_emails.trial_refused),
    membership_facts.RenewalRefunded: (plan_emails.renewal_refunded,),
    membership_facts.PriceMigrationAnnounced: (price_emails.price_moves,),
    membership_facts.FeeTaxMoved: (fee_tax_emails.told,),
    people.InvoiceAddressChanged: (fee_tax_moves.follow_address,),
    membership_facts.PaidOnceRefundRequested: (paid_once_refunds.send_requested,),
    membership_facts.PaidOnceRefunded: (
        invoices.once_refunded,
        paid_once_refunds.end_if_wanted,
        fee_emails.term_refunded,
        refund_alerts.paid_once_to_decide,
    ),
    membership_facts.PaidOnceRefundFailed: (
        invoices.once_refunded,
        refund_corrections.of_paid_once,
        refund_alerts.paid_once_refund_failed,
    ),
    membership_facts.PlaceOffered: (promise_emails.place_free,),
    membership_facts.GuaranteeSettled: (promise_emails.guarantee_settled,),
    membership_facts.GiftPaid: (invoices.gift_paid, gift_emails.receipt),
    membership_facts.GiftDue: (gift_emails.gift,),
    membership_facts.GiftReaddressed: (gift_emails.readdressed,),
    membership_facts.SeatInvited: (gift_emails.seat,),
    membership_facts.SeatEnded: (seat_emails.ended,),
    membership_facts.SubscriptionAdopted: (movements.record_subscription,),
    membership_facts.AdoptionUndone: (movements.forget_adopted,),
    MemberAdopted: (adoption_emails.adopted,),
    membership_facts.SubscriptionRenewed: (movements.record_subscription,),
    membership_facts.RenewalFailed: (movements.record_subscription,),
    membership_facts.RenewalRecovered: (movements.record_subscription, payments_due.close_older),
    membership_facts.SubscriptionEnded: (
        movements.record_subscription,
        payments_due.close_ended,
        membership_ended_emails.subscription_ended,
    ),
    membership_facts.CancellationScheduled: (membership_emails.cancellation_receipt,),
    membership_facts.CancellationRefused: (membership_emails.cancellation_refused,),
    membership_facts.CancellationWithdrawn: (membership_emails.cancellation_withdrawn, cancel_attempts.taken_back),
    CardSaved: (cards.adopt,),
    SavedCardRemoved: (saved_cards.detach,),
    BillingRequestSettled: (
        request_results.follow,
        plan_confirmations.settle_request,
        discount_upkeep.follow_request,
        fee_disputes.follow_answer,
        refused_wish_emails.wish_refused,
    ),
}

data_export.register_part("memberships", membership_export.memberships_of)
data_export.register_part("ledger", credit_export.credit_of)
data_export.register_part("rewards", reward_export.rewards_of)
data_export.register_part("pricing", coupon_export.coupons_of)
data_export.register_part("orders", own_orders_export.orders_of)
data_export.register_part("invoices", invoice_export.invoices_of)
data_export.register_part("old_shop", old_shop_export.told_of)
data_export.register_part("messaging", mailbox.export_of)
erasure.register_obstacle("subscription", membership_erasure.obstacle)
erasure.register_obstacle("order", order_erasure.obstacle)
erasure_wishes.register_wait("notice", cancellation_notices.unseen)
erasure_wishes.register_wait("withdrawal", withdrawals.unseen)
erasure_wishes.register_wait("order refund", order_erasure.refund_on_its_way)
erasure_wishes.register_wait("fee refund", membership_erasure.fees_on_their_way)
erasure_wishes.register_wait("payment", payer_erasure.unsettled)
erasure_wishes.register_wait(erasure_wishes.ENDS_BILLING, membership_erasure.end_billing)
erasure_wishes.register_wait(erasure_wishes.CLOSES_PAGES, page_closing.close_open)
erasure.register_farewell(account_emails.deleted_email)
erasure_wishes.register_loss("membership", membership_erasure.paid_time)
erasure_wishes.register_loss("household", membership_erasure.household)
erasure_wishes.register_loss("gifts", membership_erasure.gifts_to_give)
erasure_wishes.register_loss("credit", credit.loss)
plan_promises.register_guard("experiment", price_promises.keep_promises)


def jobs_for(fact: Fact) -> tuple[Reaction, ...]:
    return REACTIONS.get(type(fact), ())


def name_of(reaction: Reaction) -> str:
    return f"{reaction.__module__.removeprefix('components.')}.{reaction.__qualname__}"


def by_name(name: str) -> Reaction:
    """Raises KeyError for a reaction that no longer exists."""
    known = {name_of(reaction): reaction for many in REACTIONS.values() for reaction in many}
    return known[_NAMED_NOW.get(name, name)]


_NAMED_NOW = {
    "messaging.emails.staff_emails.dispute": "messaging.alerts.dispute_alerts.dispute",
    "messaging.emails.staff_emails.fraud_warning": "messaging.alerts.dispute_alerts.fraud_warning",
    "messaging.emails.staff_emails.fee_to_decide": "messaging.alerts.refund_alerts.fee_to_decide",
    "messaging.emails.staff_emails.fee_refund_failed": "messaging.alerts.refund_alerts.fee_refund_failed",
    "messaging.emails.staff_emails.order_refund_failed": "messaging.alerts.refund_alerts.order_refund_failed",
    "messaging.emails.staff_emails.paid_once_to_decide": "messaging.alerts.refund_alerts.paid_once_to_decide",
    "messaging.emails.staff_emails.paid_once_refund_failed": "messaging.alerts.refund_alerts.paid_once_refund_failed",
    "adoption.adoption_forgetting.forget_person": "adoption.adoption_erasure.forget_person",
    "old_shop.forgetting.forget_person": "old_shop.customer_erasure.forget_person",
    "memberships.billing.request_outcomes.follow": "memberships.billing.request_results.follow",
    "messaging.emails.payment_emails.subscription_ended": "messaging.emails.membership_ended_emails.subscription_ended",
    "messaging.emails.plan_emails.price_moves": "messaging.notices.price_emails.price_moves",
    "messaging.emails.state_emails.membership_ended": "messaging.emails.membership_ended_emails.membership_ended",
    "messaging.emails.state_emails.membership_resumed": "messaging.emails.pause_emails.membership_resumed",
    "messaging.emails.state_emails.pause_begun": "messaging.emails.pause_emails.pause_begun",
    "messaging.emails.state_emails.pause_dropped": "messaging.emails.pause_emails.pause_dropped",
    "messaging.emails.state_emails.pause_planned": "messaging.emails.pause_emails.pause_planned",
    "payments.saved_cards.detach": "payments.checkout_sessions.saved_cards.detach",
    "payments.saved_cards.remember_paid": "payments.checkout_sessions.saved_cards.remember_paid",
    "payments.saved_cards.remember_subscription": "payments.checkout_sessions.saved_cards.remember_subscription",
    "messaging.emails.order_emails.confirmation": "checkout.placement.agreed_terms.confirm_order",
    "messaging.emails.membership_emails.welcome": "checkout.placement.agreed_terms.welcome_member",
}
"""Reactions that have another name since: jobs of an earlier version may still wait for them."""
