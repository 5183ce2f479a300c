"""Every call of Stripe's API the stand-in answers, in the order of Stripe's own documentation."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from web.standin.billing import cancelling, pausing, previews, subscriptions, updates
from web.standin.charging import fraud_warnings
from web.standin.checkout import sessions
from web.standin.contract import operations
from web.standin.contract.operations import Operation
from web.standin.http import expansion, listing
from web.standin.resources import (
    account,
    coupons,
    customers,
    dispute_evidence,
    events,
    files,
    intents,
    invoice_items,
    invoice_lines,
    invoices,
    payment_methods,
    portal_sessions,
    prices,
    products,
    refunds,
    test_clocks,
    webhook_endpoints,
)
from web.standin.state.books import Books, private
from web.standin.taxes import calculations, tax_settings, transactions

Json = dict[str, Any]
Answer = Callable[[Books, list[str], Json], Json]
Effect = Literal["reads", "changes", "tries"]
"""`tries` calculates by making changes that are not stored."""


@dataclass(frozen=True)
class Route:
    """`path` has `{}` where an id goes; `service` is the SDK's module that makes the call."""

    verb: str
    path: str
    service: str
    answer: Answer
    effect: Effect = "changes"

    @functools.cached_property
    def operation(self) -> Operation:
        return operations.operation(f"stripe.{self.service}", self.verb, self.path)


def made(create: Callable[[Books, Json], Json]) -> Answer:
    return lambda books, ids, params: create(books, params)


def changed(change: Callable[[Books, str, Json], Json]) -> Answer:
    return lambda books, ids, params: change(books, ids[0], params)


def acted(act: Callable[[Books, str], Json]) -> Answer:
    return lambda books, ids, params: act(books, ids[0])


def one(kind: str) -> Answer:
    return lambda books, ids, params: books.get(kind, ids[0])


def many(kind: str, url: str) -> Answer:
    return lambda books, ids, params: expansion.page(listing.matching(books, kind, params), url=url, params=params)


def _resource(name: str, kind: str, service: str, **answers: Answer) -> list[Route]:
    """The usual calls: those in `answers` (create, update, delete), and get and list."""
    path = f"/v1/{name}"
    found = [
        Route("GET", path, service, many(kind, path), "reads"),
        Route("GET", f"{path}/{{}}", service, one(kind), "reads"),
    ]
    shapes = {"create": ("POST", path), "update": ("POST", f"{path}/{{}}"), "delete": ("DELETE", f"{path}/{{}}")}
    return found + [Route(*shapes[name], service, answer) for name, answer in answers.items()]


def _methods(books: Books, ids: list[str], params: Json) -> Json:
    url = f"/v1/customers/{ids[0]}/payment_methods"
    return expansion.page(customers.payment_methods(books, ids[0], params), url=url, params=params)


def _line_items(books: Books, ids: list[str], params: Json) -> Json:
    session = books.get("checkout.session", ids[0])
    return expansion.page(private(session)["lines"], url=f"/v1/checkout/sessions/{ids[0]}/line_items", params=params)


def _invoice_lines(books: Books, ids: list[str], params: Json) -> Json:
    invoice = books.get("invoice", ids[0])
    return expansion.page(invoice_lines.ordered(invoice), url=f"/v1/invoices/{ids[0]}/lines", params=params)


def _events(books: Books, ids: list[str], params: Json) -> Json:
    return expansion.page(events.matching(books, params), url="/v1/events", params=params)


ROUTES = [
    Route("GET", "/v1/account", "_account_service", lambda books, ids, params: account.show(books), "reads"),
    *_resource(
        "customers",
        "customer",
        "_customer_service",
        create=made(customers.create),
        update=changed(customers.update),
        delete=acted(customers.delete),
    ),
    Route("GET", "/v1/customers/{}/payment_methods", "_customer_payment_method_service", _methods, "reads"),
    *_resource(
        "products", "product", "_product_service", create=made(products.create), update=changed(products.update)
    ),
    *_resource("prices", "price", "_price_service", create=made(prices.create), update=changed(prices.update)),
    *_resource(
        "coupons",
        "coupon",
        "_coupon_service",
        create=made(coupons.create),
        update=changed(coupons.update),
        delete=acted(coupons.delete),
    ),
    *_resource(
        "promotion_codes",
        "promotion_code",
        "_promotion_code_service",
        create=made(coupons.create_code),
        update=changed(coupons.update_code),
    ),
    *_resource("checkout/sessions", "checkout.session", "checkout._session_service", create=made(sessions.create)),
    Route("POST", "/v1/checkout/sessions/{}/expire", "checkout._session_service", acted(sessions.expire)),
    Route("GET", "/v1/checkout/sessions/{}/line_items", "checkout._session_line_item_service", _line_items, "reads"),
    *_resource("payment_intents", "payment_intent", "_payment_intent_service", create=made(intents.create)),
    Route("POST", "/v1/payment_intents/{}/confirm", "_payment_intent_service", changed(intents.confirm)),
    Route("POST", "/v1/payment_intents/{}/cancel", "_payment_intent_service", changed(intents.cancel)),
    *_resource("setup_intents", "setup_intent", "_setup_intent_service"),
    Route("GET", "/v1/payment_methods/{}", "_payment_method_service", one("payment_method"), "reads"),
    Route("POST", "/v1/payment_methods/{}/attach", "_payment_method_service", changed(payment_methods.attach)),
    Route("POST", "/v1/payment_methods/{}/detach", "_payment_method_service", acted(payment_methods.detach)),
    *_resource(
        "subscriptions",
        "subscription",
        "_subscription_service",
        create=made(subscriptions.create),
        update=changed(updates.update),
    ),
    Route("DELETE", "/v1/subscriptions/{}", "_subscription_service", changed(cancelling.cancel)),
    Route("POST", "/v1/subscriptions/{}/pause", "_subscription_service", changed(pausing.pause)),
    Route("POST", "/v1/subscriptions/{}/resume", "_subscription_service", changed(pausing.resume)),
    Route("POST", "/v1/invoiceitems", "_invoice_item_service", made(invoice_items.create)),
    Route("GET", "/v1/invoiceitems/{}", "_invoice_item_service", one("invoiceitem"), "reads"),
    Route("DELETE", "/v1/invoiceitems/{}", "_invoice_item_service", acted(invoice_items.delete)),
    *_resource("invoices", "invoice", "_invoice_service"),
    Route("GET", "/v1/invoices/{}/lines", "_invoice_line_item_service", _invoice_lines, "reads"),
    Route("POST", "/v1/invoices/create_preview", "_invoice_service", made(previews.create), "tries"),
    Route("POST", "/v1/invoices/{}/finalize", "_invoice_service", changed(invoices.finalise)),
    Route("POST", "/v1/invoices/{}/pay", "_invoice_service", changed(invoices.pay)),
    Route("POST", "/v1/invoices/{}/void", "_invoice_service", acted(invoices.void)),
    *_resource("invoice_payments", "invoice_payment", "_invoice_payment_service"),
    *_resource("charges", "charge", "_charge_service"),
    *_resource("refunds", "refund", "_refund_service", create=made(refunds.create), update=changed(refunds.update)),
    *_resource("disputes", "dispute", "_dispute_service", update=changed(dispute_evidence.update)),
    Route("POST", "/v1/disputes/{}/close", "_dispute_service", acted(dispute_evidence.close)),
    *_resource("files", "file", "_file_service", create=made(files.create)),
    *_resource("radar/early_fraud_warnings", fraud_warnings.KIND, "radar._early_fraud_warning_service"),
    Route("GET", "/v1/events", "_event_service", _events, "reads"),
    Route("GET", "/v1/events/{}", "_event_service", lambda books, ids, params: events.get(books, ids[0]), "reads"),
    *_resource(
        "webhook_endpoints",
        "webhook_endpoint",
        "_webhook_endpoint_service",
        create=made(webhook_endpoints.create),
        update=changed(webhook_endpoints.update),
        delete=acted(webhook_endpoints.delete),
    ),
    Route("POST", "/v1/billing_portal/sessions", "billing_portal._session_service", made(portal_sessions.create)),
    Route(
        "GET", "/v1/tax/settings", "tax._settings_service", lambda books, ids, params: tax_settings.show(books), "reads"
    ),
    Route("POST", "/v1/tax/calculations", "tax._calculation_service", made(calculations.create)),
    Route(
        "GET",
        "/v1/tax/calculations/{}",
        "tax._calculation_service",
        lambda books, ids, params: calculations.get(books, ids[0]),
        "reads",
    ),
    Route(
        "POST",
        "/v1/tax/transactions/create_from_calculation",
        "tax._transaction_service",
        made(transactions.create_from_calculation),
    ),
    Route(
        "POST",
        "/v1/tax/transactions/create_reversal",
        "tax._transaction_service",
        made(transactions.create_reversal),
    ),
    Route("GET", "/v1/tax/transactions/{}", "tax._transaction_service", one("tax.transaction"), "reads"),
    *_resource(
        "test_helpers/test_clocks",
        "test_helpers.test_clock",
        "test_helpers._test_clock_service",
        create=made(test_clocks.create),
        delete=acted(test_clocks.delete),
    ),
    Route(
        "POST",
        "/v1/test_helpers/test_clocks/{}/advance",
        "test_helpers._test_clock_service",
        changed(test_clocks.advance),
    ),
]

_BY_LENGTH: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}
for _route in ROUTES:
    _parts = _route.path.split("/")
    _BY_LENGTH.setdefault((_route.verb, len(_parts)), []).append((_parts, _route))


def found(verb: str, path: str) -> tuple[Route, list[str]] | None:
    """The route and the ids in the path; a literal segment beats an id, as in `/v1/invoices/create_preview`."""
    parts = path.split("/")
    fitting = [
        (template, route)
        for template, route in _BY_LENGTH.get((verb, len(parts)), ())
        if all(want in ("{}", have) and have for want, have in zip(template[1:], parts[1:], strict=True))
    ]
    if not fitting:
        return None
    template, route = min(fitting, key=lambda pair: pair[0].count("{}"))
    return route, [have for want, have in zip(template, parts, strict=True) if want == "{}"]
