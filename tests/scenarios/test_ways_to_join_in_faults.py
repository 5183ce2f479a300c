"""The rows of faults that join with an order do join where no fault strikes: else they would try nothing."""

import pytest

from components.foundation import database
from tests.scenarios.conftest import Kiln
from tests.scenarios.fault_acts import till_acts


@pytest.mark.parametrize("plan", ["joining", "term"])
async def test_the_way_ends_on_a_page_for_both(kiln: Kiln, plan: str) -> None:
    browser = await till_acts.with_a_basket_and_an_account(kiln)
    press = till_acts.checks_out_and_joins if plan == "joining" else till_acts.checks_out_and_pays_once
    page = await press(browser)
    opened = await database.fetch_rows("SELECT purpose, along IS NOT NULL FROM checkout_session")
    assert [tuple(one) for one in opened] == [(plan, True)], page.words
