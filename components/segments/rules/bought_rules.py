"""Rules about what was bought: a product, something of a collection, or a type of product."""

from uuid import UUID

from components.catalog.snapshot.snapshot_refresh import snapshot
from components.foundation.languages.words import N_, _
from components.segments.chosen_products import COLLECTION, PRODUCT, title_of
from components.segments.rule_fields import Options, RuleChoice
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import IS_TRUE, LAST_DAYS, ever_or_in_the_last, if_so, since
from components.segments.statement import Statement

_LINES = "SELECT l.person FROM segments_order_lines l"


def _product(values: Values, into: Statement) -> str:
    product = into.bind(UUID(str(values["product"])), "uuid")
    return if_so(values, into, f"{_LINES} WHERE l.product_id = {product} AND {since(values, into, 'l.paid_at')}")


def _collection(values: Values, into: Statement) -> str:
    collection = into.bind(UUID(str(values["collection"])), "uuid")
    return if_so(
        values,
        into,
        f"""{_LINES} WHERE {since(values, into, "l.paid_at")} AND l.product_id IN (
          SELECT product FROM segments_collection_products WHERE collection = {collection})""",
    )


def _types() -> Options:
    found = sorted({one.kind for one in snapshot().products if one.kind})
    return tuple((one, one) for one in found)


def _type(values: Values, into: Statement) -> str:
    return if_so(
        values,
        into,
        f"""{_LINES} WHERE {since(values, into, "l.paid_at")} AND l.product_id IN (
          SELECT id FROM segments_products WHERE kind = {into.bind(values["type"], "text")})""",
    )


def _said(values: Values, what: str, anything: str = "") -> str:
    """`anything` is what it is called of those who have bought none of it."""
    if values["is"] == "yes":
        return _("have bought %(what)s %(when)s", what=what, when=ever_or_in_the_last(values))
    what = anything or what
    if values["days"]:
        return _("have not bought %(what)s %(when)s", what=what, when=ever_or_in_the_last(values))
    return _("have never bought %(what)s", what=what)


def _product_said(values: Values) -> str:
    return _said(values, _("“%(name)s”", name=title_of(values["product"])))


def _collection_said(values: Values) -> str:
    name = COLLECTION.label_of(values["collection"])
    return _said(values, _("something from “%(name)s”", name=name), _("anything from “%(name)s”", name=name))


def _type_said(values: Values) -> str:
    name = str(values["type"])
    some, none = _("a product of the type “%(name)s”", name=name), _("any product of the type “%(name)s”", name=name)
    return _said(values, some, none)


KINDS = (
    RuleKind(
        key="product",
        group="products",
        title=N_("Bought a product"),
        fields=(IS_TRUE, PRODUCT, LAST_DAYS),
        select=_product,
        says=_product_said,
    ),
    RuleKind(
        key="collection",
        group="products",
        title=N_("Bought from a collection"),
        fields=(IS_TRUE, COLLECTION, LAST_DAYS),
        select=_collection,
        says=_collection_said,
    ),
    RuleKind(
        key="product_type",
        group="products",
        title=N_("Bought a type of product"),
        fields=(IS_TRUE, RuleChoice(name="type", label=N_("Product type"), options=_types), LAST_DAYS),
        select=_type,
        says=_type_said,
    ),
)
