"""What the OpenAPI document says of each operation beside its 200: how it refuses, and where an answer leads on."""

from typing import Any

import msgspec

from web.api.problems import MEDIA_TYPE, Problem

PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ALWAYS = {
    401: "The key is unknown, or one is needed",
    429: "Too many requests: wait as many seconds as Retry-After says",
    503: "Try again in a moment, after as many seconds as Retry-After says",
}
WITH_KEY = {403: "The key does not have the scope"}
WITH_PARAMETERS = {
    400: "The address holds what no text can hold",
    414: "The address is too long",
    422: "Invalid input: see `fields`",
}
WITH_PATH = {404: "There is nothing here, or it is hidden from the caller"}
WITH_BODY = {
    403: "A page of another site sent this, or the key does not have the scope",
    408: "The body did not come in time",
    413: "More than 256 kB",
    415: "Not JSON",
    422: "Invalid input: see `fields`",
}
ONCE = {409: "This Idempotency-Key was used for another body"}
LOOKED_UP = ("ApiV1PeopleIndex",)
"""Operations that find one thing by a parameter: it may not be there."""
LEADS = (
    ("ApiV1ProductsIndex", "product", "ApiV1ProductsSlugShow", "slug", "/products/0/slug"),
    ("ApiV1ProductsIndex", "prices", "ApiV1ProductsSlugPricesShow", "slug", "/products/0/slug"),
    ("ApiV1ProductsSlugShow", "collection", "ApiV1CollectionsSlugShow", "slug", "/collections/0"),
    ("ApiV1CollectionsIndex", "collection", "ApiV1CollectionsSlugShow", "slug", "/collections/0/slug"),
    ("ApiV1CollectionsSlugShow", "product", "ApiV1ProductsSlugShow", "slug", "/shelf/products/0/slug"),
    ("ApiV1SearchIndex", "product", "ApiV1ProductsSlugShow", "slug", "/shelf/products/0/slug"),
    ("ApiV1ArticlesIndex", "article", "ApiV1ArticlesSlugShow", "slug", "/articles/0/slug"),
    ("ApiV1OrdersIndex", "order", "ApiV1OrdersNumberShow", "number", "/orders/0/number"),
    ("ApiV1OrdersIndex", "later", "ApiV1OrdersIndex", "cursor", "/next"),
    ("ApiV1FiguresIndex", "figure", "ApiV1FiguresKeyShow", "key", "/figures/0/key"),
    ("ApiV1CatalogueIndex", "further", "ApiV1CatalogueIndex", "cursor", "/next"),
)
"""From an operation's answer, by a name, to another operation, whose parameter is at this place of the body."""


def describe(made: dict[str, Any]) -> None:
    """Adds refusals and links to every operation. The 400 that the framework describes by itself is never sent."""
    (_, parts) = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    made["components"]["schemas"] |= parts
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            responses.pop("400", None)
            if method == "get" and "security" not in operation:
                responses["304"] = {"description": "Not changed: `If-None-Match` names what a guest has already"}
            for status, words in sorted(_refusals(path, operation).items()):
                responses[str(status)] = {"description": words, "content": PROBLEM, "headers": _headers(status)}
            responses["default"] = {"description": "Refused, with the reason", "content": PROBLEM}
            if "requestBody" in operation:
                _close(operation["requestBody"]["content"]["application/json"]["schema"], made["components"]["schemas"])
            if links := _links(operation["operationId"]):
                responses["200"]["links"] = links


def _refusals(path: str, operation: dict[str, Any]) -> dict[int, str]:
    found = dict(ALWAYS)
    for applies, words in (
        ("{" in path or operation["operationId"] in LOOKED_UP, WITH_PATH),
        ("security" in operation, WITH_KEY),
        (bool(operation.get("parameters")), WITH_PARAMETERS),
        ("requestBody" in operation, WITH_BODY),
        (any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ())), ONCE),
    ):
        found |= words if applies else {}
    return found


def _headers(status: int) -> dict[str, Any]:
    if status in (429, 503):
        return {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}, "required": True}}
    if status == 401:
        return {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    return {}


def _links(operation: str) -> dict[str, Any]:
    return {
        name: {"operationId": to, "parameters": {parameter: f"$response.body#{place}"}}
        for of, name, to, parameter, place in LEADS
        if of == operation
    }


def _close(schema: Any, parts: dict[str, Any]) -> None:
    """What a body may not have beside its fields is refused: the document says so too."""
    if isinstance(schema, list):
        for one in schema:
            _close(one, parts)
    elif isinstance(schema, dict):
        if "$ref" in schema:
            _close(parts[schema["$ref"].removeprefix("#/components/schemas/")], parts)
        if "properties" in schema:
            schema["additionalProperties"] = False
        for one in list(schema.values()):
            _close(one, parts)
