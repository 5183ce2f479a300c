"""What banks do, from the control page: they dispute a payment, decide about it, and warn of fraud."""

from web.standin.charging import disputes, fraud_warnings
from web.standin.http import hosts
from web.standin.pages import rendering
from web.standin.pages.rendering import HtmlPage
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books
from web.standin.state.engine import StandInEngine

Form = dict[str, str]
REASONS = (
    "general",
    "fraudulent",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "credit_not_processed",
    "duplicate",
    "unrecognized",
)


def open_dispute(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.changing() as books:
        charge = books.get("charge", form.get("charge", ""))
        if charge["disputed"] or charge["status"] != "succeeded":
            raise StripeRefusal("This charge cannot be disputed.")
        reason = form.get("reason", "general")
        if reason not in REASONS:
            raise StripeRefusal("Choose one of the reasons.")
        disputes.open_against(books, charge, reason=reason, is_inquiry=form.get("kind") == "inquiry")
    return _back()


def warn_of_fraud(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.changing() as books:
        charge = books.get("charge", form.get("charge", ""))
        kind = form.get("fraud_type", fraud_warnings.TYPES[0])
        if charge["status"] != "succeeded" or kind not in fraud_warnings.TYPES:
            raise StripeRefusal("Choose a payment and a kind of fraud.")
        fraud_warnings.send(books, charge, fraud_type=kind)
    return _back()


def decide_dispute(engine: StandInEngine, ids: list[str], form: Form) -> HtmlPage:
    with engine.changing() as books:
        _decide(books, form.get("dispute", ""), form.get("verdict", ""))
    return _back()


def _decide(books: Books, wanted: str, verdict: str) -> None:
    dispute = books.get("dispute", wanted)
    if not disputes.is_open(dispute) or verdict not in ("won", "lost", "asks"):
        raise StripeRefusal("This dispute has already been decided.")
    if verdict == "asks":
        disputes.escalate(books, dispute)
    elif disputes.is_inquiry(dispute) and verdict == "won":
        disputes.close(books, dispute, verdict="warning_closed")
    elif verdict == "won":
        disputes.close(books, dispute, verdict="won")
    else:
        disputes.close(books, dispute, verdict="lost")


def _back() -> HtmlPage:
    return rendering.redirect(f"{hosts.MOUNT}/control")
