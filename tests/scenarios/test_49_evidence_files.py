"""Scenario 49: files go to the bank with the evidence: bounded, one of each kind, the shop's own invoice, sent once."""

import hashlib
from typing import Any
from uuid import UUID

import pytest

from components.foundation import database, ids
from components.foundation.shop_settings import setting_rows
from components.payments import payer_erasure
from components.payments.dispute_answers import dispute_answers, evidence_files
from components.payments.dispute_answers.dispute_answers import ChangedMeanwhile
from components.payments.dispute_answers.evidence_drafts import AnsweredAlready
from components.payments.dispute_answers.evidence_files import FIELDS, FieldTaken, FileOfAnotherKind, TooManyBytes
from components.payments.payment_refusals import OutcomeUnknown, PaymentRefused
from components.people.facts import PersonErased
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import iris
from tests.scenarios.test_49_dispute_answers import answer_rows, at_stripe, dispute, owner_and_draft, saved, sent
from tests.scenarios.test_49_disputes import disputed_fee, disputed_order
from tests.support import join_members
from tests.support.pages import Browser, Page
from web.staff.payments.dispute_file_lines import LABELS
from web.standin.charging import disputes as bank

PDF, PNG, JPEG = b"%PDF-1.7\n\xff\x00rest", b"\x89PNG\r\n\x1a\nrest", b"\xff\xd8\xff\xe0rest"


async def files_page(staff: Browser) -> Page:
    return await staff.get(f"/staff/payments/disputes/{(await dispute()).id}/files")


async def uploaded(staff: Browser, content: bytes, name: str, shows: str = "receipt") -> Page:
    here = f"/staff/payments/disputes/{(await dispute()).id}/files"
    return await staff.post(here, {"shows": shows}, files={"file": (name, content, "text/html")})


def digests(kiln: Kiln) -> dict[str, str]:
    """What the bank was given, by Stripe's id."""
    with kiln.stand_in.engine.reading() as books:
        return {one["id"]: one["_"]["sha256"] for one in books.find("file")}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_every_kind_of_file_has_a_name_for_staff() -> None:
    assert set(LABELS) == set(FIELDS) and len(set(LABELS.values())) == len(FIELDS)


async def test_49_files_and_the_own_invoice_are_sent_once_with_the_evidence(kiln: Kiln) -> None:
    await setting_rows.change({"invoices": "on"}, by=None)
    staff, number = await iris(kiln), await disputed_order(kiln)
    await kiln.work()
    page = await uploaded(staff, PDF, "../proof of\r\n delivery.exe", "shipping_documentation")
    assert "File added. Nothing is sent yet." in page.alerts() and ".pdf" in page.words
    invoice = await database.fetch_one("SELECT id, number FROM invoice WHERE subject = 'order'")
    assert invoice is not None
    page = await staff.submit(await files_page(staff), f"{page.path}/invoices")
    assert f"Invoice {invoice['number']} added." in page.alerts()
    assert f"{page.path}/invoices" not in page.text, "once is enough"
    review = await saved(staff, uncategorized_text="It was signed for")
    assert "Proof of delivery" in review.words and f"{invoice['number']}.pdf" in review.words
    assert digests(kiln) == {}
    page = await sent(staff, review)
    assert "Evidence sent." in page.alerts() and f"{invoice['number']}.pdf" in page.words
    evidence = (await at_stripe())["evidence"]
    known = digests(kiln)
    assert known[evidence["shipping_documentation"]] == digest(PDF) and len(known) == 2
    assert evidence["receipt"] in known and evidence["uncategorized_text"] == "It was signed for"
    (mine,) = [one for one in page.links() if "/files/" in one and await _is(staff, one, PDF)]
    shown = await staff.client.get(mine)
    assert shown.headers["content-disposition"].startswith("attachment") and "\n" not in str(shown.headers)
    assert (await files_page(staff)).status == 409
    assert (await sent(staff, review)).path == page.path and digests(kiln) == known
    assert await answer_rows() == [("evidence", "done")] and await kiln.broken() == []
    assert number in (await staff.get(f"/staff/orders/{number}")).words


@pytest.mark.parametrize("invoices", ["on", "off"])
async def test_49_evidence_about_a_fee_names_the_invoice_as_the_file_beside_it_does(kiln: Kiln, invoices: str) -> None:
    await setting_rows.change({"invoices": invoices}, by=None)
    staff = await iris(kiln)
    await disputed_fee(kiln)
    await kiln.work()
    here = f"/staff/payments/disputes/{(await dispute()).id}/evidence"
    form = (await staff.get(here)).form(here).given
    own = await database.fetch_value("SELECT number FROM invoice WHERE subject = 'fee'")
    number = own or await database.fetch_value("SELECT number FROM mirrored_invoice")
    assert bool(own) is (invoices == "on") and number
    assert f"The disputed payment is invoice {number}." in form["product_description"]
    assert f"when invoice {number} was paid on" in form["cancellation_rebuttal"]
    assert (f"{own}" in (await files_page(staff)).words) is bool(own)


async def _is(staff: Browser, address: str, content: bytes) -> bool:
    return bool((await staff.client.get(address)).content == content)


async def test_49_what_the_bank_does_not_take_is_refused_with_a_sentence(kiln: Kiln) -> None:
    staff, _ = await iris(kiln), await disputed_order(kiln)
    for content, name, status, words in (
        (b"<html>", "x.pdf", 422, "PDF, JPEG and PNG files only"),
        (b"", "x.pdf", 422, "PDF, JPEG and PNG files only"),
        (PDF + b"x" * evidence_files.MOST_BYTES, "x.pdf", 413, "4.5 MB of files in all"),
        (PNG, "x", 200, "x.png"),
        (JPEG, "y.jpg", 409, "one of each"),
    ):
        page = await uploaded(staff, content, name)
        assert page.status == status and words in page.words, name
    for given in ({"shows": "receipt"}, {"shows": "elsewhere"}):
        assert (await staff.post(page.path, given)).status == 422
    assert (await staff.post(f"{page.path}/invoices", {"invoice": str(ids.new())})).status == 404
    found, by = await dispute(), (await owner_and_draft())[0]
    with pytest.raises(TooManyBytes):  # together, not each
        await evidence_files.add(
            found.id, "refund_policy", PDF + b"x" * (evidence_files.MOST_BYTES - 20), name="a", by=by
        )
    with pytest.raises(FileOfAnotherKind):
        await evidence_files.add(found.id, "refund_policy", b"GIF89a", name="a", by=by)
    (one,) = await evidence_files.of_dispute(found.id)
    page = await staff.submit(await files_page(staff), f"{page.path}/{one.id}/removal")
    assert "File removed." in page.alerts() and await evidence_files.of_dispute(found.id) == []
    assert await database.fetch_value("SELECT count(*) FROM dispute_file") == 0
    assert (await staff.get(f"{page.path}/{one.id}")).status == 404
    await database.execute("UPDATE mirrored_dispute SET status = 'lost'")
    with pytest.raises(AnsweredAlready):
        await evidence_files.add(found.id, "receipt", PDF, name="a", by=by)


async def test_49_files_that_were_changed_refused_or_lost_on_the_way(kiln: Kiln) -> None:
    staff, _ = await iris(kiln), await disputed_order(kiln)
    by, draft = await owner_and_draft()
    found = await dispute()

    async def add(field: str, content: bytes) -> UUID:
        return await evidence_files.add(found.id, field, content, name="a.pdf", by=by)

    async def submit(files: list[UUID]) -> Any:
        return await dispute_answers.submit(found.id, draft, files, key=ids.new(), by=by)

    review = await staff.get(f"/staff/payments/disputes/{found.id}/evidence/review")
    first = await add("receipt", PDF)
    changed = await sent(staff, review)
    assert changed.status == 409 and "changed in the meantime" in changed.words
    with pytest.raises(ChangedMeanwhile):
        await submit([])
    # Stripe does not like the file: said, and nothing is sent
    await database.execute("UPDATE dispute_file SET content = 'not one of these'")
    with pytest.raises(PaymentRefused) as refused:
        await submit([first])
    assert "must be a PDF" in refused.value.detail
    assert await answer_rows() == [("evidence", "refused")]
    assert (await at_stripe())["evidence_details"]["submission_count"] == 0
    await evidence_files.remove(found.id, first, by=by)
    assert await evidence_files.of_dispute(found.id) == []
    assert await database.fetch_value("SELECT removed_at IS NOT NULL FROM dispute_file"), "it is on record"
    second = await add("receipt", PDF)
    # uploaded, and the answer got lost: sent again under the same key, it is the same file
    kiln.stand_in.engine.order_fault("error_after_commit", times=1, amount=0)
    with pytest.raises(OutcomeUnknown):
        await submit([second])
    assert len(digests(kiln)) == 1
    kiln.later(minutes=5)
    await dispute_answers.settle()
    assert await answer_rows() == [("evidence", "done"), ("evidence", "refused")]
    assert digests(kiln) == {(await at_stripe())["evidence"]["receipt"]: digest(PDF)}


async def test_49_a_bank_that_asks_again_is_given_more_and_an_erasure_empties_it_all(kiln: Kiln) -> None:
    await setting_rows.change({"invoices": "on"}, by=None)
    staff = await iris(kiln)
    await disputed_fee(kiln)
    await kiln.work()
    await uploaded(staff, PDF, "first.pdf")
    page = await staff.submit(await files_page(staff), f"{(await files_page(staff)).path}/invoices")
    assert "Anything else" in page.words, "the receipt is taken"
    await sent(staff, await saved(staff))
    with kiln.stand_in.engine.changing() as books:
        bank.escalate(books, next(iter(books.find("dispute"))))
    await kiln.work()
    found, by = await dispute(), (await owner_and_draft())[0]
    (receipt, _) = await evidence_files.of_dispute(found.id)
    await evidence_files.remove(found.id, receipt.id, by=by)
    await evidence_files.add(found.id, "receipt", PNG, name="second", by=by)
    with pytest.raises(FieldTaken):
        await evidence_files.add(found.id, "receipt", PNG, name="third", by=by)
    page = await sent(staff, await saved(staff))
    assert "first.pdf" in page.words and "second.png" in page.words
    assert digests(kiln)[(await at_stripe())["evidence"]["receipt"]] == digest(PNG)
    await payer_erasure.erase_payer(PersonErased(await join_members.person(), "none"))
    assert await database.fetch_values("SELECT name || length(content) FROM dispute_file") == ["0"] * 3
    assert (await staff.get(page.path)).status == 200
