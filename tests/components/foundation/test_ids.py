"""Identifiers: rows sort by the time of their creation, and within one instant by the order in which they were made."""

from datetime import UTC, datetime, timedelta

from components.foundation import clock, ids
from components.foundation.shop_settings import setting_rows, shop_settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_is_made_in_one_instant_sorts_by_the_order_in_which_it_was_made() -> None:
    with clock.frozen(NOON):
        made = [ids.new() for _ in range(10_000)]
    with clock.frozen(NOON + timedelta(milliseconds=1)):
        later = ids.new()
    assert made == sorted(set(made)) and len(made) == 10_000
    assert (
        later > made[-1] and {one.version for one in made} == {7} and {one.variant for one in made} == {later.variant}
    )


async def test_the_last_of_two_changes_of_a_setting_in_one_instant_counts(db: None) -> None:
    for turn in range(20):
        await setting_rows.change({"shop_name": f"Name {turn}"}, by=None)
        await setting_rows.refresh()
        assert shop_settings.current().shop_name == f"Name {turn}"
    newest = await setting_rows.history(("shop_name",), most=3)
    assert [each.value for each in newest] == ["Name 19", "Name 18", "Name 17"]
