"""What Stripe knows of a person."""

import pytest

from components.foundation import currencies, ids
from components.memberships.editing import plans
from components.payments import customers
from components.payments.payment_refusals import AmountTooSmall
from components.payments.stripe_account import smallest_charges
from components.payments.stripe_connection import client
from components.payments.values import Payer, SessionLine
from components.people.facts import EmailChanged
from components.people.tables import Person
from tests.components.payments.conftest import Till
from tests.support import people
from web.standin.charging import amounts


async def test_a_person_without_a_name_is_a_customer_without_one(till: Till) -> None:
    customer = await customers.for_person(Payer(ids.new(), "theo@kiln.test", ""))
    assert customer
    assert (await client().v1.customers.retrieve_async(customer)).name is None


async def test_a_changed_email_is_passed_to_stripe_and_a_customer_deleted_there_does_no_harm(till: Till) -> None:
    person = await people.customer("maya@kiln.test", name="Maya")
    customer = await customers.for_person(Payer(person.id, person.email, "Maya"))
    assert customer
    fact = EmailChanged(person.id, ids.new())
    await customers.follow_email(EmailChanged(ids.new(), ids.new()))
    await Person.update({Person.email: "new@kiln.test"}).where(Person.id == person.id)
    for _ in range(2):
        await customers.follow_email(fact)
    assert (await client().v1.customers.retrieve_async(customer)).email == "new@kiln.test"
    await client().v1.customers.delete_async(customer)
    await customers.follow_email(fact)


async def test_a_sum_that_is_too_small_for_a_card_is_refused_in_a_sentence(till: Till) -> None:
    with pytest.raises(AmountTooSmall, match="The smallest amount that can be paid by card is £0"):
        await till.open(None, SessionLine("A bead", 29))
    assert (await till.open(None, SessionLine("A bead", 30))).url


async def test_a_plan_costs_nothing_or_what_a_card_can_pay(db: None) -> None:
    with pytest.raises(plans.BadPrice, match="costs at least £0"):
        await plans.create(slug="tiny", name="Tiny", summary="", price=20, interval="week", by=None)
    await plans.create(slug="small", name="Small", summary="", price=30, interval="week", by=None)


def test_the_stand_in_and_the_shop_know_the_same_smallest_charges() -> None:
    assert {name.lower(): least for name, least in smallest_charges.SMALLEST.items()} == amounts.SMALLEST
    assert set(smallest_charges.SMALLEST) <= currencies.SUPPORTED
