"""The form of evidence: every text that a bank takes, those first that the bank's reason is about."""

from collections.abc import Mapping
from typing import Any, Self

from components.payments.dispute_answers import evidence_fields
from components.payments.dispute_answers.evidence_fields import LONGEST, LONGEST_OF_ALL, LONGEST_SHORT
from web.forms.fields import LongText, Text
from web.forms.form import Form


def _line(label: str, help: str = "") -> Text:
    return Text(label, longest=LONGEST_SHORT, required=False, help=help)


def _text(label: str, help: str = "", *, rows: int = 6) -> LongText:
    return LongText(label, longest=LONGEST, required=False, help=help, rows=rows)


class EvidenceForm(Form):
    """Fields by Stripe's names; nothing is required, because no two reasons need the same."""

    is_shared = True
    customer_name = _line("Customer’s name")
    customer_email_address = _line("Customer’s e-mail")
    product_description = _text("What was sold")
    uncategorized_text = _text("Course of events", "Anything else the bank should know, with dates.", rows=10)
    access_activity_log = _text("Use", "Sign-ins and benefits that show the customer used it.", rows=8)
    service_date = _line("Period or date of the service")
    shipping_address = _text("Delivery address", rows=5)
    shipping_date = _line("Shipped on")
    shipping_carrier = _line("Carrier")
    shipping_tracking_number = _line("Tracking number")
    cancellation_policy_disclosure = _text(
        "How the customer was told about cancelling", "When and where they saw it before they paid.", rows=8
    )
    cancellation_rebuttal = _text("Why it was not cancelled", rows=4)
    refund_policy_disclosure = _text(
        "How the customer was told about refunds", "When and where they saw it before they paid.", rows=8
    )
    refund_refusal_explanation = _text("Why the customer is owed no refund", rows=4)
    duplicate_charge_explanation = _text("Why the payments are for different purchases", rows=8)
    duplicate_charge_id = _line("The other payment", "Stripe’s id of that charge, such as ch_…")
    billing_address = _text(
        "Billing address", "The shop asks for a delivery address only. Stripe’s page of the payment has what the"
        " card was checked with.", rows=5,
    )  # fmt: skip
    customer_purchase_ip = _line("IP address of the purchase")

    @classmethod
    def filled(cls, fields: Mapping[str, str]) -> Self:
        given: dict[str, Any] = dict(fields)
        return cls.blank(**given)

    def check(self) -> None:
        found = self.evidence
        if (length := evidence_fields.length(found)) > LONGEST_OF_ALL:
            self.refuse(None, f"The bank takes {LONGEST_OF_ALL:,} characters in all, and these are {length:,}.")

    @property
    def evidence(self) -> dict[str, str]:
        given = {name: str(self.values.get(name) or "").replace("\r\n", "\n") for name in self.declared}
        return evidence_fields.kept(given)
