"""Tax transactions: a sale that was made from a calculation, and what was given back of it."""

from typing import Any

from web.standin.modelled import merged, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books, private
from web.standin.taxes import calculations

Json = dict[str, Any]


def create_from_calculation(books: Books, params: Json) -> Json:
    only(params, ("calculation", "metadata", "posted_at", "reference"))
    found = calculations.get(books, params["calculation"], status=400)
    if not found["tax_date"] <= params.get("posted_at", books.moment) <= books.moment:
        raise StripeRefusal("posted_at must be between the tax_date and now.", param="posted_at")
    _must_be_new(books, params["reference"])
    sale = _transaction(books, params, found, kind="transaction", shipping=found["shipping_cost"])
    private(sale)["lines"] = [_line(books, line, kind="transaction") for line in calculations.lines_of(books, found)]
    private(sale)["left"] = found["amount_total"]
    return sale


def create_reversal(books: Books, params: Json) -> Json:
    """In full, or a flat amount of it with its tax. By line is not modelled."""
    only(params, ("flat_amount", "metadata", "mode", "original_transaction", "reference"))
    sale = books.named("tax.transaction", params["original_transaction"], param="original_transaction")
    if sale["type"] == "reversal":
        raise StripeRefusal("You cannot reverse a reversal.", param="original_transaction")
    _must_be_new(books, params["reference"])
    amount = _amount(params, private(sale)["left"])
    private(sale)["left"] -= amount
    shipping = sale["shipping_cost"]
    back = _transaction(books, params, sale, kind="reversal", shipping=None)
    back["reversal"] = {"original_transaction": sale["id"]}
    private(back).update(lines=[], left=0, reversed=amount, had_shipping=bool(shipping))
    return back


def _amount(params: Json, left: int) -> int:
    """What a partial reversal gives back is in negative."""
    if params["mode"] == "full":
        if "flat_amount" in params:
            raise StripeRefusal("flat_amount can only be used with mode=partial.", param="flat_amount")
        if not left:
            raise StripeRefusal("This transaction has already been fully reversed.", param="original_transaction")
        return left
    flat = params.get("flat_amount")
    if flat is None:
        raise StripeRefusal("Missing required param: flat_amount.", code="parameter_missing", param="flat_amount")
    if flat >= 0:
        raise StripeRefusal("This value must be less than 0.", param="flat_amount")
    if -flat > left:
        words = f"The amount to reverse ({-flat}) is greater than what is left of the transaction ({left})."
        raise StripeRefusal(words, param="flat_amount")
    return int(-flat)


def _must_be_new(books: Books, reference: str) -> None:
    if any(True for _ in books.find("tax.transaction", word=reference)):
        words = f"A tax transaction with the reference '{reference}' already exists."
        raise StripeRefusal(words, code="resource_already_exists", param="reference")


def _transaction(books: Books, params: Json, of: Json, *, kind: str, shipping: Json | None) -> Json:
    return books.make(
        "tax.transaction",
        currency=of["currency"],
        customer_details=of["customer_details"],
        metadata=merged({}, params.get("metadata")),
        posted_at=params.get("posted_at", books.moment),
        reference=params["reference"],
        shipping_cost=shipping,
        tax_date=of["tax_date"],
        type=kind,
    )


def _line(books: Books, of: Json, *, kind: str) -> str:
    same = ("amount", "amount_tax", "quantity", "reference", "tax_behavior", "tax_code")
    made = books.make("tax.transaction_line_item", type=kind, **{name: of[name] for name in same})
    return str(made["id"])
