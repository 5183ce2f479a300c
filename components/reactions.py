"""When this has happened, do that: every cause and effect of the shop on one screen.

Each reaction is a job of its own, is tried again when it fails, may run twice and must end the same.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from components import catalog, checkout, ledger, orders, payments, pricing
from components.foundation.outbox import Fact
from components.insights import movements
from components.memberships import facts as membership_facts
from components.memberships import forgetting as membership_forgetting
from components.memberships import reactions as memberships
from components.memberships import uses
from components.messaging import (
    letters_for_gifts,
    letters_for_members,
    letters_for_orders,
    letters_for_people,
    letters_for_plans,
)
from components.orders import forgetting as order_forgetting
from components.orders import spending
from components.people import erasure
from components.people import facts as people

Reaction = Callable[[Any], Awaitable[None]]

REACTIONS: dict[type[Fact], tuple[Reaction, ...]] = {
    people.AccountOpened: (letters_for_people.welcome_letter,),
    people.SignInLinkAsked: (letters_for_people.sign_in_letter,),
    people.EmailConfirmationAsked: (letters_for_people.confirmation_letter,),
    people.EmailChanged: (letters_for_people.email_changed_letter,),
    people.PasswordChanged: (letters_for_people.password_letter,),
    people.OperatorInvited: (letters_for_people.invitation_letter,),
    people.PersonErased: (
        letters_for_people.forget_letters,
        order_forgetting.forget_person,
        catalog.early_units.forget_person,
        checkout.baskets.forget_person,
        membership_forgetting.forget_agreements,
        membership_forgetting.stop_billing,
        ledger.credit.forget_person,
        pricing.redemptions.forget_person,
    ),
    payments.PagePaid: (checkout.returning.page_paid, memberships.join),
    payments.PageExpired: (checkout.returning.page_expired, memberships.give_up_joining),
    payments.PagePaymentFailed: (checkout.returning.page_payment_failed,),
    payments.AmountMismatch: (checkout.returning.amount_mismatched,),
    payments.RefundMirrored: (orders.refunds.follow_mirrored,),
    orders.OrderPaid: (
        checkout.returning.order_paid,
        orders.benefits_used.note,
        orders.earning.bought,
        spending.follow_order,
        letters_for_orders.confirmation,
    ),
    orders.OrderShipped: (letters_for_orders.shipped,),
    orders.OrderLapsed: (checkout.returning.order_lapsed,),
    orders.RefundAsked: (orders.refunds.send_asked,),
    orders.OrderRefunded: (
        orders.benefits_used.take_back,
        orders.earning.given_back,
        spending.follow_order,
        letters_for_orders.refunded,
    ),
    orders.RefundUndone: (orders.benefits_used.restore, orders.earning.given_back, spending.follow_order),
    payments.SubscriptionMirrored: (memberships.follow_subscription,),
    payments.InvoicePaid: (memberships.record_period, uses.invoice_paid),
    payments.InvoiceFailed: (memberships.follow_failed_renewal,),
    membership_facts.MembershipStarted: (movements.note_start, uses.membership_started, letters_for_members.welcome),
    membership_facts.MembershipEnded: (movements.note_end, memberships.begin_what_waited),
    membership_facts.PlanChanged: (movements.note_subscription, letters_for_plans.plan_changed),
    membership_facts.TrialStarted: (letters_for_plans.trial_started,),
    membership_facts.TrialRefused: (checkout.returning.trial_refused, letters_for_plans.trial_refused),
    membership_facts.RenewalGivenBack: (letters_for_plans.renewal_given_back,),
    membership_facts.PriceMoveAnnounced: (letters_for_plans.price_moves,),
    membership_facts.GiftPaid: (letters_for_gifts.receipt,),
    membership_facts.GiftDue: (letters_for_gifts.gift,),
    membership_facts.SeatOffered: (letters_for_gifts.seat,),
    membership_facts.SubscriptionRenewed: (movements.note_subscription,),
    membership_facts.RenewalFailed: (movements.note_subscription, letters_for_members.renewal_failed),
    membership_facts.RenewalRecovered: (movements.note_subscription,),
    membership_facts.CancellationScheduled: (letters_for_members.cancellation_receipt,),
    membership_facts.CancellationWithdrawn: (letters_for_members.cancellation_withdrawn,),
    payments.CardKept: (payments.cards.adopt,),
}

erasure.hold_back("subscription", membership_forgetting.obstacle)
erasure.hold_back("order", order_forgetting.obstacle)


def following(fact: Fact) -> tuple[Reaction, ...]:
    return REACTIONS.get(type(fact), ())


def name_of(reaction: Reaction) -> str:
    return f"{reaction.__module__.removeprefix('components.')}.{reaction.__qualname__}"


def named(name: str) -> Reaction:
    """Raises KeyError for a reaction that is no longer there."""
    return {name_of(reaction): reaction for many in REACTIONS.values() for reaction in many}[name]
