"""Files of evidence in words: what each shows, its name and its size."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from components.payments.dispute_answers.evidence_files import EvidenceFile

LABELS = {
    "receipt": "Receipt or invoice",
    "customer_communication": "E-mails or messages with the customer",
    "shipping_documentation": "Proof of delivery",
    "service_documentation": "Proof that the service was used",
    "refund_policy": "Refund policy, as it was shown",
    "cancellation_policy": "Cancellation policy, as it was shown",
    "customer_signature": "Contract or signature",
    "duplicate_charge_documentation": "Receipt of the other payment",
    "uncategorized_file": "Anything else",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    id: UUID
    label: str
    name: str
    size: str


def file_lines(files: Iterable[EvidenceFile]) -> tuple[FileLine, ...]:
    return tuple(
        FileLine(id=one.id, label=LABELS[one.field], name=one.name, size=size_in_words(one.size)) for one in files
    )


def size_in_words(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1000))} kB"
