from stripe.params import CustomerCreateParams

from components.payments.connection import call, client


async def create(*, email: str, name: str, metadata: dict[str, str], key: str) -> str:
    """The new customer's id. A name is only sent when there is one: Stripe refuses empty texts."""
    request: CustomerCreateParams = {"email": email, "metadata": metadata}
    if name:
        request["name"] = name
    answer = await call(client().v1.customers.create_async(request, {"idempotency_key": key}))
    return answer.id


async def change_email(customer: str, *, email: str) -> None:
    """May be repeated. Raises `UnknownAtStripe` when it was deleted there."""
    await call(client().v1.customers.update_async(customer, {"email": email}))


async def charge_from_now_on(customer: str, *, payment_method: str) -> None:
    await call(
        client().v1.customers.update_async(customer, {"invoice_settings": {"default_payment_method": payment_method}})
    )


async def delete(customer: str) -> None:
    """Stripe ends the customer's subscriptions and deletes the cards. Raises `UnknownAtStripe` when already deleted."""
    await call(client().v1.customers.delete_async(customer))
