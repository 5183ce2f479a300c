"""Forms for benefits, built from the questions of each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from components.catalog.products import admin_products
from components.catalog.snapshot import snapshot_refresh
from components.checkout.delivery import delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.memberships.benefits.kinds import kind
from components.memberships.benefits.protocol import BenefitField as Question
from components.memberships.benefits.protocol import SettingRefused
from web.forms.fields import Choice, Choices, Field, LongText, Many, Text
from web.forms.form import Form
from web.forms.numbers import AmountField, Percent, Whole
from web.staff.prices import price_fields
from web.staff.prices.price_fields import Named


class Lines(LongText):
    """One name per line."""


@dataclass(frozen=True, slots=True)
class BenefitValues:
    """What a benefit covers already: the names of its products or variants by question, and of its delivery methods."""

    named: Mapping[str, Named]
    methods: Mapping[str, str]


NOTHING_HELD = BenefitValues({}, {})


class BenefitForm(Form):
    is_shared = True
    held: BenefitValues = NOTHING_HELD
    name = Text("Name", longest=120)


@cache
def form_type(kind_key: str) -> type[BenefitForm]:
    """The form for a kind: its name, then the kind's own questions."""
    fields: dict[str, Any] = {"name": Text("Name", longest=120, help=kind(kind_key).name_hint)}
    fields |= {one.name: _field(one) for one in kind(kind_key).fields}
    for name, field in fields.items():
        field.name = name
    return type("BenefitFormOfKind", (BenefitForm,), fields)


def choices(terms: DeliveryTerms, held: BenefitValues = NOTHING_HELD) -> dict[str, Choices]:
    """The choices of today, and those the benefit has already although they have ended."""
    methods = [(str(one.id), one.name) for one in terms.methods]
    known = {id for id, _ in methods}
    methods += [(id, f"{name} (ended)") for id, name in held.methods.items() if id not in known]
    return {
        "collections": tuple((str(one.id), one.title) for one in snapshot_refresh.snapshot().collections),
        "methods": tuple(methods),
    }


async def form_holding(kind_key: str, given: Mapping[str, Any]) -> BenefitValues:
    """The names in these answers, including those of things that no longer exist."""
    named: dict[str, Named] = {}
    for one in kind(kind_key).fields:
        if one.kind in ("products", "variants") and given.get(one.name):
            of_kind = admin_products.products_named if one.kind == "products" else admin_products.variants_named
            found = await of_kind([UUID(id) for id in given[one.name]])
            named[one.name] = {each.name: (each.id, each.is_on_sale) for each in found}
    ids = [UUID(str(id)) for id in given.get("methods") or ()]
    names = await delivery_terms.method_names(ids) if ids else {}
    return BenefitValues(named, {str(id): names.get(id, "A method") for id in ids})


def form_answers(form: BenefitForm, kind_key: str) -> dict[str, Any] | None:
    """The answers as the kind reads them; None once a field has been refused."""
    given = {one.name: form.values[one.name] for one in kind(kind_key).fields}
    for one in kind(kind_key).fields:
        if one.kind in ("products", "variants"):
            given[one.name] = _named(form, one)
    if not form.is_valid:
        return None
    try:
        kind(kind_key).read(given)
    except SettingRefused as refusal:
        form.refuse(refusal.field, str(refusal))
        return None
    return given


def form_values(
    kind_key: str, name: str, given: dict[str, Any], terms: DeliveryTerms, held: BenefitValues
) -> BenefitForm:
    """The form for a benefit as it is now."""
    fields = [one for one in kind(kind_key).fields if given.get(one.name) is not None]
    shown = {one.name: _shown(one, given[one.name], held) for one in fields}
    form = form_type(kind_key).blank(choices=choices(terms, held), name=name, **shown)
    form.held = held
    return form


def _field(question: Question) -> Field[Any]:
    rest: dict[str, Any] = {"required": question.is_needed, "help": question.hint}
    match question.kind:
        case "percent":
            return Percent(question.label, **rest)
        case "amount":
            return AmountField(question.label, **rest)
        case "whole":
            return Whole(question.label, **rest)
        case "choice":
            return Choice(question.label, question.choices, as_radio=True, **rest)
        case "collections" | "deliveries":
            return Many(question.label, help=question.hint)
        case "products" | "variants":
            what = "The last part of a product’s address" if question.kind == "products" else "A SKU"
            return Lines(question.label, **{**rest, "help": f"{what}, one per line."}, rows=3)
    return LongText(question.label, **rest)


def _named(form: BenefitForm, question: Question) -> list[str]:
    """Ids of the products or variants named line by line; refuses the first name that is unknown."""
    found = []
    held = form.held.named.get(question.name, price_fields.NOTHING)
    for line in form.values[question.name].splitlines():
        if name := line.strip().removesuffix(price_fields.GONE):
            known = _product(name) if question.kind == "products" else _variant(name)
            known = known or held.get(name, (None, False))[0]
            if known is None:
                form.refuse(question.name, f"There is no match for “{name[:60]}”.")
                return []
            found.append(str(known))
    return found


def _product(name: str) -> UUID | None:
    product = snapshot_refresh.snapshot().product(name.rsplit("/", 1)[-1])
    return product.id if product else None


def _variant(sku: str) -> UUID | None:
    every = (variant for product in snapshot_refresh.snapshot().products for variant in product.variants)
    return next((variant.id for variant in every if price_fields.name_of(variant) == sku), None)


def _shown(question: Question, value: Any, held: BenefitValues) -> Any:
    if question.kind in ("products", "variants"):
        return price_fields.sku_lines(held.named.get(question.name, price_fields.NOTHING))
    return value
