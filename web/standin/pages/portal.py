"""The billing page: a customer sees subscriptions and invoices, changes the card, ends or continues."""

from typing import Any

from web.standin.billing import updates
from web.standin.charging import test_cards
from web.standin.http import hosts
from web.standin.pages import rendering
from web.standin.pages.rendering import HtmlPage
from web.standin.refusals import StripeRefusal
from web.standin.resources import payment_methods
from web.standin.state.books import Books
from web.standin.state.engine import StandInEngine

Json = dict[str, Any]
Form = dict[str, str]
RUNNING = ("active", "trialing", "past_due", "paused")


def show(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.reading() as books:
        return _page(books, ids[0])


def _page(books: Books, portal: str, *, status: int = 200, trouble: str = "") -> HtmlPage:
    session = books.get("billing_portal.session", portal)
    customer = books.get("customer", session["customer"])
    found = [each for each in books.find("subscription", customer=customer["id"]) if each["status"] in RUNNING]
    return rendering.page(
        "portal.html",
        status=status,
        card=_card(books, customer),
        cards=[card for card in test_cards.CARDS if card.may_be_saved],
        customer=customer,
        invoices=[each for each in books.find("invoice", customer=customer["id"]) if each["status"] != "draft"][:12],
        names={each["id"]: _name(books, each) for each in found},
        session=session,
        subscriptions=found,
        trouble=trouble,
    )


def _card(books: Books, customer: Json) -> Json | None:
    wanted = customer["invoice_settings"]["default_payment_method"]
    method = books.peek(wanted) if wanted else next(books.find("payment_method", customer=customer["id"]), None)
    return method["card"] if method else None


def _name(books: Books, subscription: Json) -> str:
    product = books.peek(subscription["items"]["data"][0]["price"]["product"])
    return str(product["name"]) if product else "Subscription"


def _back(portal: str) -> HtmlPage:
    return rendering.redirect(f"{hosts.MOUNT}/portal/{portal}")


def change_card(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    """The new card is the customer's default and every running subscription's."""
    with engine.changing() as books:
        card = test_cards.by_number(form.get("use") or form.get("number", ""))
        if card is None or not card.may_be_saved:
            words = "That card could not be saved. Choose one of the test cards."
            return _page(books, ids[0], status=422, trouble=words)
        session = books.get("billing_portal.session", ids[0])
        customer = books.get("customer", session["customer"])
        method = payment_methods.keep(books, card, customer=customer["id"], email=customer["email"])
        customer["invoice_settings"]["default_payment_method"] = method["id"]
        books.announce("payment_method.attached", method)
        books.announce("customer.updated", customer)
        for subscription in list(books.find("subscription", customer=customer["id"])):
            if subscription["status"] in RUNNING:
                updates.update(books, subscription["id"], {"default_payment_method": method["id"]})
    return _back(ids[0])


def cancel(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    return _set_end(engine, ids[0], form, ends=True)


def carry_on(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    return _set_end(engine, ids[0], form, ends=False)


def _set_end(engine: StandInEngine, portal: str, form: Form, *, ends: bool) -> HtmlPage:
    with engine.changing() as books:
        session = books.get("billing_portal.session", portal)
        subscription = books.get("subscription", form.get("subscription", ""))
        if subscription["customer"] != session["customer"]:
            raise StripeRefusal("No such subscription", status=404)
        updates.update(books, subscription["id"], {"cancel_at_period_end": ends})
    return _back(portal)
