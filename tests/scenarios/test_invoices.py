"""Invoices and credit notes of orders and fees, as customers and staff meet them."""

from typing import Any

import pytest

from components.foundation import database
from components.foundation.shop_settings import setting_rows
from components.invoices import invariants
from tests.scenarios.conftest import Kiln
from tests.support import join_members

COMPANY = {
    "invoices": "on", "company_name": "Kiln Ltd", "company_street": "3 Oven Lane", "company_town": "Leeds LS1 4AB",
    "vat_number": "GB980780684",
}  # fmt: skip


@pytest.fixture
async def issuing(kiln: Kiln) -> Kiln:
    await setting_rows.change(COMPANY, by=None)
    return kiln


async def rows() -> list[dict[str, Any]]:
    sql = "SELECT number, kind, cause, net, tax, total, printed, document FROM invoice ORDER BY issued_at, serial"
    return [dict(row) for row in await database.fetch(sql)]


async def test_a_fee_has_an_invoice_and_its_refunds_credit_notes_that_come_to_nothing(issuing: Kiln) -> None:
    member = await join_members.joins(issuing.shop, issuing.annual)
    await issuing.work()
    print(await rows())
    page = await member.get("/account/membership")
    print(page.words)
    assert "INV-00001" in page.words
    assert await invariants.invariants() == []
