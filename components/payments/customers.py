"""The Stripe customer of a person, created when first needed."""

import contextlib
import hashlib
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import ids
from components.foundation.languages import language
from components.payments import ownership, references
from components.payments.payment_refusals import UnknownAtStripe
from components.payments.stripe_calls import stripe_customers as calls
from components.payments.tables import MirroredSubscription, SavedCard
from components.payments.values import Payer
from components.people import customer_accounts
from components.people.facts import EmailChanged

KIND = "customer"


async def for_person(payer: Payer) -> str | None:
    """The person's customer id; None for a guest."""
    if payer.person_id is None:
        return None
    known = await references.stripe_id_of(KIND, payer.person_id)
    return known or await _create(payer.person_id, payer, after="")


async def replacement(payer: Payer, *, gone: str) -> str | None:
    """A new customer for a person whose old one was deleted at Stripe."""
    if payer.person_id is None:
        return None
    await references.remove(gone)
    return await _create(payer.person_id, payer, after=gone)


async def of_person(person_id: UUID) -> str | None:
    return await references.stripe_id_of(KIND, person_id)


async def follow_email(fact: EmailChanged) -> None:
    """Stripe's customer gets the new e-mail. Nothing to do for somebody who has never paid, or is erased."""
    known = await references.stripe_id_of(KIND, fact.person_id)
    person = await customer_accounts.by_id(fact.person_id)
    if known is not None and person is not None:
        with contextlib.suppress(UnknownAtStripe):
            # setting it twice changes nothing, and a key of before would set the one of before
            await calls.change_email(known, email=person.email, key=f"person:{person.id}:email:{ids.new()}")


async def erase(person_id: UUID) -> None:
    """Have Stripe erase the person: subscriptions end at once, cards are deleted, invoices stay. May be repeated."""
    known = await references.stripe_id_of(KIND, person_id)
    if known is not None:
        with contextlib.suppress(UnknownAtStripe):
            await calls.delete(known, key=f"person:{person_id}:customer:{known}:delete")
        await SavedCard.delete().where(SavedCard.customer == known)
    await references.forget(KIND, person_id)
    if known is not None:  # after it is forgotten, so that nothing Stripe still tells brings the card back
        table = MirroredSubscription
        cards: dict[Column | str, Any] = {table.card_brand: "", table.card_last4: "", table.card_expires: ""}
        await table.update(cards).where(table.customer == known)


async def _create(person_id: UUID, payer: Payer, *, after: str) -> str:
    locale = language.tag()
    asked = hashlib.sha256(f"{payer.email}|{payer.name}|{after}|{locale}".encode()).hexdigest()[:16]
    made = await references.get_or_create(
        lambda key: calls.create(
            email=payer.email,
            name=payer.name,
            locale=locale,
            metadata={**ownership.ownership_metadata(), "person_id": str(person_id)},
            key=key,
        ),
        key=f"person:{person_id}:customer:{asked}",
    )
    return await references.store(KIND, person_id, made)
