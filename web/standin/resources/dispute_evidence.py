"""What the shop says about a dispute: evidence, staged or submitted to the bank, or that it accepts the loss."""

from typing import Any

from web.standin.charging import disputes
from web.standin.modelled import merged, only
from web.standin.refusals import StripeRefusal
from web.standin.resources import files
from web.standin.state.books import Books

Json = dict[str, Any]
TEXTS = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
)
FILES = (
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
)
LONGEST, LONGEST_OF_ALL = 20_000, 150_000
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
"""As in Stripe's test mode: what decides at once when it is submitted as `uncategorized_text`."""


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("evidence", "metadata", "submit"))
    dispute = books.get("dispute", wanted)
    dispute["metadata"] = merged(dispute["metadata"], params.get("metadata"))
    given = params.get("evidence", {})
    only(given, (*TEXTS, *FILES), within="evidence")
    if given:
        _must_wait_for_answer(books, dispute)
        for name in FILES:
            if given.get(name):
                files.must_be_evidence(books, given[name], param=f"evidence[{name}]")
        dispute["evidence"] |= {name: text or None for name, text in given.items()}
        _must_fit(dispute["evidence"])
        dispute["evidence_details"]["has_evidence"] = any(dispute["evidence"][name] for name in (*TEXTS, *FILES))
    if given and params.get("submit", True):
        _submit(books, dispute)
    else:
        books.announce("charge.dispute.updated", dispute)
    return dispute


def _submit(books: Books, dispute: Json) -> None:
    details = dispute["evidence_details"]
    details |= {"submission_count": details["submission_count"] + 1, "submission_method": "manual"}
    dispute["status"] = "warning_under_review" if disputes.is_inquiry(dispute) else "under_review"
    books.announce("charge.dispute.updated", dispute)
    verdict = VERDICTS.get(dispute["evidence"]["uncategorized_text"] or "")
    if verdict and disputes.is_inquiry(dispute):
        disputes.close(books, dispute, verdict="warning_closed")
    elif verdict:
        disputes.close(books, dispute, verdict="won" if verdict == "won" else "lost")


def close(books: Books, wanted: str) -> Json:
    """The shop has nothing to say: the cardholder keeps the money."""
    dispute = books.get("dispute", wanted)
    if not disputes.is_open(dispute):
        raise StripeRefusal("This dispute is already closed.")
    disputes.close(books, dispute, verdict="lost")
    return dispute


def _must_wait_for_answer(books: Books, dispute: Json) -> None:
    if not dispute["status"].endswith("needs_response"):
        raise StripeRefusal("This dispute does not wait for evidence any more.", param="evidence")
    due_by = dispute["evidence_details"]["due_by"]
    if due_by and books.now(dispute) > due_by:
        raise StripeRefusal("The time for submitting evidence is over.", param="evidence")


def _must_fit(evidence: Json) -> None:
    texts = {name: evidence[name] or "" for name in TEXTS}
    for name, text in texts.items():
        if len(text) > LONGEST:
            words = f"Invalid string: must be at most {LONGEST} characters"
            raise StripeRefusal(words, param=f"evidence[{name}]")
    if sum(map(len, texts.values())) > LONGEST_OF_ALL:
        words = f"The combined character count of the evidence is over {LONGEST_OF_ALL}."
        raise StripeRefusal(words, param="evidence")
