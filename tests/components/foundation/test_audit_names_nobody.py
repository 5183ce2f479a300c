"""The audit log is for ever: of a customer it has ids and figures, and no words about them."""

import pytest

from components.foundation import audit, database, json
from components.foundation.ids import new

SAID = {"amount": 500, "note": "Zenobia", "words": "Zenobia", "reason": "Zenobia", "tracking": "Z1", "plan": "annual"}


@pytest.mark.parametrize("subject", ["person", "order", "subscription", "gift", "term", "dispute", "difference"])
async def test_what_staff_wrote_about_somebody_is_in_no_entry(db: None, subject: str) -> None:
    await audit.record(None, "something was done", subject, new(), before=SAID, after=SAID)
    both = "SELECT before::text FROM audit_entry UNION ALL SELECT after::text FROM audit_entry"
    for kept in await database.fetch_values(both):
        assert json.load(kept) == {"amount": 500, "plan": "annual"}


async def test_words_of_the_shop_itself_stay(db: None) -> None:
    await audit.record(None, "plan description changed", "plan", new(), after={"words": "For friends"})
    assert await database.fetch_value("SELECT after ->> 'words' FROM audit_entry") == "For friends"
