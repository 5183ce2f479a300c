"""Files sent as evidence: their kind is what is in them, and nothing of them is kept but a digest."""

import hashlib
from typing import Any

from web.standin.modelled import exactly, only
from web.standin.refusals import StripeRefusal, not_modelled
from web.standin.state.books import Books, private
from web.standin.state.clock import DAY

Json = dict[str, Any]
MOST_BYTES = 5 * 1024 * 1024
KEPT_DAYS = 270
KINDS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def create(books: Books, params: Json) -> Json:
    only(params, ("file", "purpose"))
    exactly(params, "purpose", "dispute_evidence")
    sent = params["file"]
    if not isinstance(sent, dict) or not isinstance(sent.get("content"), str):
        raise StripeRefusal("Invalid file: send it as multipart/form-data.", param="file")
    content = sent["content"].encode("latin-1")
    kind = next((name for begins, name in KINDS.items() if content.startswith(begins)), None)
    if kind is None:
        raise StripeRefusal("Files for dispute_evidence must be a PDF, JPEG or PNG.", param="file")
    if len(content) > MOST_BYTES:
        raise StripeRefusal(f"The file is {len(content)} bytes; at most {MOST_BYTES} are accepted.", param="file")
    file = books.make(
        "file",
        expires_at=books.moment + KEPT_DAYS * DAY,
        filename=sent.get("name"),
        purpose=params["purpose"],
        size=len(content),
        type=kind,
    )
    private(file)["sha256"] = hashlib.sha256(content).hexdigest()
    return file


def must_be_evidence(books: Books, wanted: str, *, param: str) -> None:
    """A file that was sent for this purpose."""
    if books.named("file", wanted, param=param)["purpose"] != "dispute_evidence":
        raise not_modelled("files of another purpose", param=param)
