from typing import Any

from litestar import Controller, Request, Response, post

from components.payments.webhooks import inbox
from components.payments.webhooks.inbox import WebhookTooLarge
from components.payments.webhooks.signatures import BadDelivery
from web.guards import machine


class StripeHookController(Controller):
    """Stores what Stripe delivers and confirms it; the worker processes it afterwards."""

    path = "/hooks/stripe"
    guards = [machine]

    @post("/", request_max_body_size=inbox.LARGEST)
    async def create(self, request: Request[Any, Any, Any]) -> Response[str]:
        try:
            await inbox.receive(await request.body(), request.headers.get("stripe-signature"))
        except (BadDelivery, WebhookTooLarge) as refusal:
            return Response(str(refusal), status_code=refusal.status, media_type="text/plain")
        return Response("kept", status_code=200, media_type="text/plain")
