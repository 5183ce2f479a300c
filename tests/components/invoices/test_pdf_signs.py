"""Whatever is written in a name or an address becomes a PDF, of its own invoice and within a month of them."""

from typing import Any

from components.foundation import json
from components.invoices.pdf import pdf_process

PLAIN: dict[str, Any] = {
    "title": "Invoice", "author": "Kiln", "date": "2026-11-30", "language": "en", "direction": "ltr", "number": "INV-1",
    "footer": [["Kiln"]], "sender": "Kiln", "facts": [["Date", "30 November"]], "subtitle": "",
    "heads": ["What", "Units", "Price", "Tax", "Amount"], "sums": [["Tax", "1"], ["Total", "2"]], "notes": [],
    "rates": [], "rate_heads": ["Rate", "Net", "Tax", "Gross"], "payments": [], "payments_head": "Payments",
}  # fmt: skip
MARK_OF_PDF_A = b"pdfaid"


def printed(name: str) -> bytes:
    line = {"words": name, "more": [name], "quantity": "1", "unit": "1", "rate": "20%", "amount": "1"}
    return pdf_process.pdf(json.dump({**PLAIN, "buyer": [name], "lines": [line]}))


def test_signs_that_no_font_has_stop_no_invoice() -> None:
    assert MARK_OF_PDF_A in printed("Maya Finch")
    for sign in ("\U0001f600", "\U00010400", "\u1230", "\U00012000", "\x01", "\uffff", "\ue000", "\u2069\u202e"):
        assert printed(f"Maya {sign}").startswith(b"%PDF-"), repr(sign)


def test_what_is_typed_is_no_program() -> None:
    assert MARK_OF_PDF_A in printed('#panic() #read("/etc/passwd") *bold* $x$ \\ [ ] "')
