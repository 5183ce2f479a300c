"""The document that describes this interface to programs, made from the very handlers that answer."""

from functools import cache
from typing import Any

import msgspec
from litestar import Controller, Litestar, MediaType, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Server, Tag

from components.foundation import settings
from web.api.problems import MEDIA_TYPE, Problem
from web.api.routes import API
from web.guards import caller

WORDS = """The questions of the shop’s own pages, as JSON. Without a key an operation answers for whoever asks: a guest,
or the person whose session cookie comes along. Programs send a key of the shop’s owner:
`Authorization: Bearer cfk_…`; those tagged “With a key” need one that has been given their scope.

Amounts are whole minor units (`minor`) and the same written out (`value`). Whatever is refused is answered with a
problem document (RFC 9457): 401 unknown key, 403 not allowed, 404 nothing here, 405 not that way, 409 asked otherwise
before, 413 too much, 415 not JSON, 422 something cannot be used (see `fields`), 429 too often (see `Retry-After`),
503 try again in a moment."""
TAGS = [
    Tag(name="Shop", description="For everybody; each is shown what is theirs."),
    Tag(name="With a key", description="For programs that the shop’s owner has given a key with the scope."),
]


class ApiDocumentController(Controller):
    path = "/api/v1/openapi.json"
    guards = [caller]

    @get(include_in_schema=False)
    async def show(self) -> Response[Any]:
        return Response(_written(), media_type=MediaType.JSON, headers={"Cache-Control": "public, max-age=300"})


@cache
def _written() -> bytes:
    return msgspec.json.encode(build_document())


def build_document() -> dict[str, Any]:
    """The whole document."""
    config = OpenAPIConfig(
        title=f"{settings.current().shop_name}: the shop for programs",
        version="1",
        description=WORDS,
        servers=[Server(url=settings.current().base_url)],
        tags=TAGS,
        use_handler_docstrings=True,
        components=Components(
            security_schemes={"key": SecurityScheme(type="http", scheme="bearer", description="A key of the owner’s.")}
        ),
    )
    made: dict[str, Any] = Litestar(route_handlers=list(API), openapi_config=config).openapi_schema.to_schema()
    _with_problems(made)
    return made


def _with_problems(made: dict[str, Any]) -> None:
    """Every other answer is a problem. The framework would describe its own 400, which is never sent."""
    (_, parts) = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    made["components"]["schemas"] |= parts
    schema = {"$ref": "#/components/schemas/Problem"}
    problem = {"description": "No, and why, in words", "content": {MEDIA_TYPE: {"schema": schema}}}
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("400", None)
            operation["responses"]["default"] = problem
