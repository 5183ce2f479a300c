"""Products, which prices belong to."""

from typing import Any

from web.standin.modelled import merged, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books

Json = dict[str, Any]
FIELDS = (
    "active",
    "description",
    "images",
    "marketing_features",
    "name",
    "package_dimensions",
    "shippable",
    "statement_descriptor",
    "tax_code",
    "tax_details",
    "unit_label",
    "url",
)


def create(books: Books, params: Json) -> Json:
    only(params, (*FIELDS, "id", "metadata", "type"))
    if params.get("id") and books.peek(params["id"]) is not None:
        raise StripeRefusal("Product already exists.", code="resource_already_exists", param="id")
    plain = {"active": True, "images": [], "marketing_features": [], "type": "service"}
    fields = plain | {name: params[name] for name in (*FIELDS, "type") if name in params}
    product = books.make("product", **({"id": params["id"]} if params.get("id") else {}), **fields)
    product |= {"updated": product["created"], "metadata": merged({}, params.get("metadata"))}
    books.announce("product.created", product)
    return product


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, (*FIELDS, "default_price", "metadata"))
    product = books.get("product", wanted)
    if "default_price" in params:
        product["default_price"] = books.named("price", params["default_price"], param="default_price")["id"]
    product |= {name: params[name] or None for name in FIELDS if name in params and name not in ("active", "shippable")}
    product |= {name: params[name] for name in ("active", "shippable") if name in params}
    product |= {"metadata": merged(product["metadata"], params.get("metadata")), "updated": books.moment}
    product["images"] = product["images"] or []
    books.announce("product.updated", product)
    return product
