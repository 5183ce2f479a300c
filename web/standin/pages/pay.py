"""The payment page: what is bought, a card form with the test cards, and the bank's challenge."""

from dataclasses import dataclass, replace
from typing import Any

from web.standin.billing import agreeing
from web.standin.charging import test_cards
from web.standin.checkout import completing, sessions, tried_cards
from web.standin.checkout.completing import Filled, NotCompleted, PaymentOutcome
from web.standin.http import hosts
from web.standin.pages import rendering
from web.standin.pages.rendering import HtmlPage
from web.standin.refusals import StripeRefusal
from web.standin.resources import payment_methods
from web.standin.state.books import Books, private
from web.standin.state.clock import DAY, as_instant
from web.standin.state.engine import StandInEngine

Json = dict[str, Any]
Form = dict[str, str]


@dataclass(frozen=True)
class CardForm:
    """The values of the fields, and what is wrong with each."""

    email: str = ""
    name: str = ""
    number: str = "4242 4242 4242 4242"
    expiry: str = "12 / 34"
    cvc: str = "123"
    code: str = ""
    errors: tuple[tuple[str, str], ...] = ()

    def error(self, field: str) -> str:
        return dict(self.errors).get(field, "")


def read(form: Form) -> CardForm:
    def given(name: str) -> str:
        return form.get(name, "").strip()[:200]

    return CardForm(
        email=given("email"),
        name=given("name"),
        number=grouped(given("use") or given("number")),
        expiry=given("expiry"),
        cvc=given("cvc"),
        code=given("code"),
    )


def grouped(number: str) -> str:
    """A card number in groups of four, as printed on a card; anything else as it was typed."""
    digits = number.replace(" ", "")
    is_card = len(digits) == 16 and digits.isdigit()
    return " ".join(digits[place : place + 4] for place in range(0, 16, 4)) if is_card else number


def checked(given: CardForm, *, asks_email: bool, asks_card: bool, year: int, month: int) -> CardForm:
    errors = {}
    if asks_email and ("@" not in given.email or given.email.startswith("@") or given.email.endswith("@")):
        errors["email"] = "Enter an e-mail address, such as maya@example.com."
    if asks_card and test_cards.by_number(given.number) is None:
        errors["number"] = "Only the test cards listed here are accepted."
    expiry = expiry_of(given.expiry)
    if asks_card and expiry is None:
        errors["expiry"] = "Enter the month and year, such as 12 / 34."
    elif asks_card and expiry is not None and (expiry[1], expiry[0]) < (year, month):
        errors["expiry"] = "Your card's expiry date is in the past."
    if asks_card and not (given.cvc.isdigit() and 3 <= len(given.cvc) <= 4):
        errors["cvc"] = "Enter the three- or four-digit security code."
    return replace(given, errors=tuple(errors.items()))


def expiry_of(text: str) -> tuple[int, int] | None:
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) not in (4, 6) or not 1 <= int(digits[:2]) <= 12:
        return None
    return int(digits[:2]), 2000 + int(digits[-2:])


def show(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.reading() as books:
        return _page(books, books.get("checkout.session", ids[0]), CardForm(), 200)


def submit(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    try:
        with engine.changing() as books:
            return _submit(books, books.get("checkout.session", ids[0]), read(form), form)
    except NotCompleted as refusal:
        return _not_completed(engine, ids[0], refusal, read(form))


def _submit(books: Books, session: Json, given: CardForm, form: Form) -> HtmlPage:
    if not completing.is_payable(books, session):
        return _page(books, session, given, 409)
    if form.get("action") == "apply":
        return _use_code(books, session, given)
    today = as_instant(books.now())
    asks = {"asks_email": not _payer(books, session), "asks_card": completing.needs_card(session)}
    given = checked(given, **asks, year=today.year, month=today.month)
    if given.errors:
        return _page(books, session, given, 422)
    filled = Filled(given.number, given.email, given.name, expiry_of(given.expiry) or payment_methods.EXPIRY)
    return _next(books, session, completing.submit(books, session, filled), given)


def _use_code(books: Books, session: Json, given: CardForm) -> HtmlPage:
    try:
        sessions.use_code(books, session, given.code)
    except StripeRefusal as refusal:
        return _page(books, session, replace(given, errors=(("code", str(refusal)),)), 422)
    return rendering.redirect(f"{hosts.MOUNT}/pay/{session['id']}")


def _next(books: Books, session: Json, outcome: PaymentOutcome, given: CardForm) -> HtmlPage:
    if outcome.url is not None:
        return rendering.redirect(outcome.url)
    if outcome.state == "challenge":
        return rendering.redirect(f"{hosts.MOUNT}/pay/{session['id']}/challenge")
    return _page(books, session, given, 402, trouble=outcome.words)


def success_url(session: Json) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _payer(books: Books, session: Json) -> str:
    """The address of who pays; "" where the page asks for it."""
    customer = books.peek(session["customer"]) if session["customer"] else None
    return str(session["customer_email"] or (customer or {}).get("email") or "")


def _page(books: Books, session: Json, given: CardForm, status: int, *, trouble: str = "") -> HtmlPage:
    if session["status"] != "open":
        return rendering.page(
            "closed.html",
            status=410 if status == 200 else status,
            locale=session["locale"],
            session=session,
            back=_back(session),
        )
    trial = _trial(books, session)
    return rendering.page(
        "pay.html",
        status=status,
        locale=session["locale"],
        payer=_payer(books, session),
        asks_card=completing.needs_card(session),
        asks_email=not _payer(books, session),
        bank_accounts=test_cards.BANK_ACCOUNTS if session["mode"] == "payment" else (),
        cards=test_cards.CARDS,
        form=given,
        lines=private(session)["lines"],
        trial=trial,
        session=session,
        trouble=trouble,
        verb=_verb(session, trial),
    )


@dataclass(frozen=True)
class TrialShown:
    """What is free for how long, and what each period costs from `ends_at` on."""

    days: int
    ends_at: int
    amount: int
    interval: str
    interval_count: int


def _trial(books: Books, session: Json) -> TrialShown | None:
    now = books.now()
    ends_at = agreeing.trial_end_of(private(session).get("subscription_data", {}), now)
    recurring = [line for line in private(session)["lines"] if line["price"]["recurring"]]
    if ends_at is None or not recurring:
        return None
    every = recurring[0]["price"]["recurring"]
    amount = sum(line["price"]["unit_amount"] * line["quantity"] for line in recurring)
    return TrialShown(-(-(ends_at - now) // DAY), ends_at, amount, every["interval"], every["interval_count"])


def _verb(session: Json, trial: TrialShown | None) -> str:
    if session["mode"] == "setup":
        return "Save card"
    if trial is not None:
        return "Start trial"
    if session["mode"] == "subscription":
        is_mixed = any(not line["price"]["recurring"] for line in private(session)["lines"])
        return "Pay and subscribe" if is_mixed else "Subscribe"
    return "Pay"


def _back(session: Json) -> str:
    return success_url(session) if session["status"] == "complete" else session["cancel_url"] or session["success_url"]


def show_challenge(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.reading() as books:
        session = books.get("checkout.session", ids[0])
        if "filled" not in private(session):
            return rendering.redirect(f"{hosts.MOUNT}/pay/{session['id']}")
        amount = session["amount_total"] or None
        return rendering.page("challenge.html", locale=session["locale"], amount=amount, currency=session["currency"])


def answer_challenge(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    passed = form.get("answer") == "pass"
    try:
        with engine.changing() as books:
            session = books.get("checkout.session", ids[0])
            if not completing.is_payable(books, session):
                return _page(books, session, CardForm(), 409)
            outcome = completing.answer_challenge(books, session, passed=passed)
            return _next(books, session, outcome, CardForm())
    except NotCompleted as refusal:
        return _not_completed(engine, ids[0], refusal, CardForm())


def _not_completed(engine: StandInEngine, session_id: str, refusal: NotCompleted, given: CardForm) -> HtmlPage:
    with engine.changing() as books:
        session = books.get("checkout.session", session_id)
        if refusal.card is not None:
            tried_cards.note_decline(books, session, refusal.card)
        return _page(books, session, given, 402, trouble=str(refusal))
