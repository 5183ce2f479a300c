from __future__ import annotations

from typing import TYPE_CHECKING

from components.payments.stripe_connection import change, client, prepare

if TYPE_CHECKING:
    from stripe.params import CustomerCreateParams, CustomerUpdateParams


async def create(*, email: str, name: str, locale: str, metadata: dict[str, str], key: str) -> str:
    """The new customer's id. Stripe's invoices are in the language of `locale`.

    A name is only sent when there is one: Stripe refuses empty texts.
    """
    params: CustomerCreateParams = {"email": email, "metadata": metadata, "preferred_locales": [locale]}
    if name:
        params["name"] = name
    return (await prepare(lambda options: client().v1.customers.create_async(params, options), key=key)).id


async def change_email(customer: str, *, email: str, key: str) -> None:
    """May be repeated. Raises `UnknownAtStripe` when it was deleted there."""
    params: CustomerUpdateParams = {"email": email}
    await prepare(lambda options: client().v1.customers.update_async(customer, params, options), key=key)


async def charge_from_now_on(customer: str, *, payment_method: str, key: str) -> None:
    params: CustomerUpdateParams = {"invoice_settings": {"default_payment_method": payment_method}}
    await prepare(lambda options: client().v1.customers.update_async(customer, params, options), key=key)


async def delete(customer: str, *, key: str) -> None:
    """Stripe ends the customer's subscriptions and deletes the cards. Raises `UnknownAtStripe` when already deleted."""
    await change(lambda options: client().v1.customers.delete_async(customer, None, options), key=key)
