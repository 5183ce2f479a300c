"""The page of one invoice: what it is for, and paying it with the card on file or another test card.

As at Stripe it leads nowhere when it is paid: the customer goes back to the shop by themselves.
"""

from typing import Any

from web.standin.charging import test_cards
from web.standin.checkout import invoice_payment
from web.standin.checkout.completing import PaymentOutcome
from web.standin.http import hosts
from web.standin.pages import pay, rendering
from web.standin.pages.pay import CardForm
from web.standin.pages.rendering import HtmlPage
from web.standin.state.books import Books
from web.standin.state.clock import as_instant
from web.standin.state.engine import StandInEngine

Json = dict[str, Any]
Form = dict[str, str]


def show(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.reading() as books:
        return _page(books, invoice_payment.by_address(books, *ids), ids, CardForm(), 200)


def submit(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.changing() as books:
        invoice = invoice_payment.by_address(books, *ids)
        if form.get("action") == "saved":
            return _next(books, invoice, ids, invoice_payment.pay(books, invoice, ""), CardForm())
        today = as_instant(books.now())
        given = pay.checked(pay.read(form), asks_email=False, asks_card=True, year=today.year, month=today.month)
        if given.errors:
            return _page(books, invoice, ids, given, 422)
        return _next(books, invoice, ids, invoice_payment.pay(books, invoice, given.number), given)


def _here(ids: list[str]) -> str:
    return f"{hosts.MOUNT}/invoice/{ids[0]}/{ids[1]}"


def _next(books: Books, invoice: Json, ids: list[str], outcome: PaymentOutcome, given: CardForm) -> HtmlPage:
    here = _here(ids)
    if outcome.state == "done":
        return rendering.redirect(here)
    if outcome.state == "challenge":
        return rendering.redirect(f"{here}/challenge")
    return _page(books, invoice, ids, given, 402, trouble=outcome.words)


def _page(books: Books, invoice: Json, ids: list[str], given: CardForm, status: int, *, trouble: str = "") -> HtmlPage:
    return rendering.page(
        "hosted_invoice.html",
        status=status,
        cards=test_cards.CARDS,
        form=given,
        here=_here(ids),
        invoice=invoice,
        saved=invoice_payment.saved_card(books, invoice),
        trouble=trouble,
    )


def show_challenge(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.reading() as books:
        invoice = invoice_payment.by_address(books, *ids)
        return rendering.page("challenge.html", amount=invoice["amount_due"], currency=invoice["currency"])


def answer_challenge(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.changing() as books:
        invoice = invoice_payment.by_address(books, *ids)
        outcome = invoice_payment.answer_challenge(books, invoice, passed=form.get("answer") == "pass")
        return _next(books, invoice, ids, outcome, CardForm())
