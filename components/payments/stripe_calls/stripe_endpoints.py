from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from stripe import WebhookEndpoint as StripeEndpoint

from components.payments.stripe_connection import API_VERSION, call, client, prepare

if TYPE_CHECKING:
    from stripe.params import WebhookEndpointCreateParams, WebhookEndpointListParams, WebhookEndpointUpdateParams


@dataclass(frozen=True)
class WebhookEndpoint:
    """`secret` is only known in the response that created it; Stripe never tells it again."""

    id: str
    url: str
    is_enabled: bool
    events: frozenset[str]
    api_version: str
    secret: str


def _read(answer: StripeEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint(
        id=answer.id,
        url=answer.url,
        is_enabled=answer.status == "enabled",
        events=frozenset(answer.enabled_events),
        api_version=answer.api_version or "",
        secret=getattr(answer, "secret", None) or "",
    )


async def every() -> list[WebhookEndpoint]:
    """All webhook endpoints of the account; Stripe allows sixteen."""
    request: WebhookEndpointListParams = {"limit": 100}
    answer = await call(lambda: client().v1.webhook_endpoints.list_async(request))
    return [_read(endpoint) for endpoint in answer.data]


async def create(
    *, url: str, events: Iterable[str], description: str, metadata: dict[str, str], key: str
) -> WebhookEndpoint:
    """The new endpoint, with its secret."""
    request = cast(
        "WebhookEndpointCreateParams",
        {
            "url": url,
            "enabled_events": sorted(events),
            "api_version": API_VERSION,
            "description": description,
            "metadata": metadata,
        },
    )
    return _read(await prepare(lambda options: client().v1.webhook_endpoints.create_async(request, options), key=key))


async def update(endpoint_id: str, *, events: Iterable[str], key: str) -> WebhookEndpoint:
    """Exactly these events, and enabled. The API version of an endpoint cannot be changed."""
    request: dict[str, Any] = {"enabled_events": sorted(events), "disabled": False}
    changes = cast("WebhookEndpointUpdateParams", request)
    answer = await prepare(
        lambda options: client().v1.webhook_endpoints.update_async(endpoint_id, changes, options), key=key
    )
    return _read(answer)


async def delete(endpoint_id: str, *, key: str) -> None:
    await prepare(lambda options: client().v1.webhook_endpoints.delete_async(endpoint_id, None, options), key=key)
