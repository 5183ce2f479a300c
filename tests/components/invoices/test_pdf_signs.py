"""Whatever is written in a name or an address becomes a PDF, of its own invoice and within a month of them."""

from io import BytesIO
from typing import Any

import typst
from PIL import Image

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
    return pdf_process.pdf(json.dump({"printed": {**PLAIN, "buyer": [name], "lines": [line]}, "logo": []}))


def lines_on_paper(sender: str) -> int:
    written = json.dump({"printed": {**PLAIN, "buyer": ["Maya"], "lines": [], "sender": sender}, "logo": []})
    drawn = typst.compile(
        pdf_process.TEMPLATE, root=pdf_process.HERE, font_paths=[pdf_process.FONTS], ignore_system_fonts=True,
        sys_inputs={"data": written}, format="svg",
    )  # fmt: skip
    assert isinstance(drawn, bytes)
    return drawn.count(b"<g ")


def test_signs_that_no_font_has_stop_no_invoice() -> None:
    assert MARK_OF_PDF_A in printed("Maya Finch")
    for sign in ("\U0001f600", "\U00010400", "\u1230", "\U00012000", "\x01", "\uffff", "\ue000", "\u2069\u202e"):
        assert printed(f"Maya {sign}").startswith(b"%PDF-"), repr(sign)


def test_what_is_typed_is_no_program() -> None:
    assert MARK_OF_PDF_A in printed('#panic() #read("/etc/passwd") *bold* $x$ \\ [ ] "')


def test_the_senders_line_is_not_broken() -> None:
    longer = "Bergfink Leipzig GmbH, Karl-Liebknecht-Straße 114, 04275 Leipzig, Deutschland"
    assert lines_on_paper(longer) == lines_on_paper("Kiln")


def test_the_logo_of_any_shape_is_in_the_pdf() -> None:
    given = {**PLAIN, "buyer": ["Maya"], "lines": []}
    for size in ((800, 10), (10, 300), (800, 300), (1, 1)):
        drawn = BytesIO()
        Image.new("RGBA", size, "#1f4e7980").save(drawn, "PNG")
        made = pdf_process.pdf(json.dump({"printed": given, "logo": list(drawn.getvalue())}))
        assert MARK_OF_PDF_A in made and b"/Subtype/Image" in made and b"/Subtype/Image" not in printed("Maya"), size
