"""The OpenAPI document of this interface, generated from its handlers."""

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Controller, Litestar, MediaType, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Server, Tag

from components.foundation import settings
from components.foundation.shop_settings import shop_settings
from web.api import openapi_answers
from web.api.routes import API
from web.guards import caller

WORDS = """What the shop’s own pages show, as JSON. Without a key an operation answers for the caller: a guest, or
the person whose session cookie is sent. Programs send an API key created by the shop’s owner:
`Authorization: Bearer cfk_…`; operations tagged “With a key” need a key that has their scope.

Amounts are in whole minor units (`minor`) and also written out (`value`). Every refusal is a problem document
(RFC 9457): 401 unknown key, 403 not allowed, 404 not found, 405 method not allowed, 409 conflicts with an earlier
request, 413 too large, 415 not JSON, 422 invalid input (see `fields`), 429 too many requests (see `Retry-After`),
503 try again in a moment."""
TAGS = [
    Tag(name="Shop", description="Public: each caller sees what is available to them."),
    Tag(name="With a key", description="For programs with an API key that has the scope."),
]


class ApiDocumentController(Controller):
    path = "/api/v1/openapi.json"
    guards = [caller]

    @get(include_in_schema=False)
    async def show(self) -> Response[Any]:
        return Response(
            _written(shop_settings.version()),
            media_type=MediaType.JSON,
            headers={"Cache-Control": "public, max-age=300"},
        )


@lru_cache(maxsize=1)
def _written(_version: int) -> bytes:
    return msgspec.json.encode(build_document())


def build_document() -> dict[str, Any]:
    """The whole document."""
    config = OpenAPIConfig(
        title=f"{shop_settings.current().shop_name} API",
        version="1",
        description=WORDS,
        servers=[Server(url=settings.current().base_url)],
        tags=TAGS,
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "key": SecurityScheme(
                    type="http", scheme="bearer", description="An API key created by the shop’s owner."
                )
            }
        ),
    )
    made: dict[str, Any] = Litestar(route_handlers=list(API), openapi_config=config).openapi_schema.to_schema()
    openapi_answers.describe(made)
    return made
