"""Offline payments: a stand-in that answers for Stripe when the shop has no Stripe key.

The shop makes every call with the real SDK and gets responses in Stripe's format, following Stripe's rules as far as
docs/standin.md says. No money moves. Nothing here knows the shop, and nothing here leaves the machine.

    standin = StandIn(data / "offline-payments.sqlite", webhook_secret="whsec_…")
    stripe.StripeClient("sk_test_offline", http_client=standin.http_client(), base_addresses={"api": standin.api_base})
"""

from web.standin.checkout.completing import PaymentOutcome
from web.standin.http.faults import Kind as FaultKind
from web.standin.http.hosts import API_BASE, MOUNT
from web.standin.standin import RefusedInProduction, StandIn
from web.standin.webhooks.deliveries import Post

__all__ = ["API_BASE", "MOUNT", "FaultKind", "PaymentOutcome", "Post", "RefusedInProduction", "StandIn"]
