"""The demo's past is the same every time, and looks like a shop's."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from components.demo import demo_products, journal, past_customers, past_memberships
from components.demo.shop_history import ANNUAL, MONTHLY, DemoMembership, lives

TODAY = datetime(2027, 3, 1, 12, tzinfo=UTC)


def month_of(days: int) -> int:
    return (TODAY - timedelta(days=days)).month - 1


def test_the_dice_always_fall_the_same_way() -> None:
    assert lives(60, month_of=month_of) == lives(60, month_of=month_of)


def test_the_shop_grows_and_people_leave_and_come_back() -> None:
    told = lives(past_customers.PEOPLE, month_of=month_of)
    purchases = [purchase for life in told for purchase in life.purchases]
    assert 600 <= len(purchases) <= 1200
    halves = Counter(purchase.days_ago < 365 for purchase in purchases)
    assert halves[True] > 1.5 * halves[False]
    ends = Counter(stay.because for life in told for stay in life.stays if stay.leaves is not None)
    assert ends["cancelled"] and ends["failed"]
    assert any(len(life.stays) > 1 for life in told)


def test_nobody_buys_before_she_has_come_or_joins_before_that() -> None:
    for life in lives(past_customers.PEOPLE, month_of=month_of):
        assert all(0 < purchase.days_ago <= life.who.arrives for purchase in life.purchases)
        assert all((stay.leaves or 0) < stay.joins <= life.who.arrives for stay in life.stays)


def test_whatever_day_it_is_nothing_discontinued_comes_back_on_the_shelf() -> None:
    """Which ware is in which order depends on the months of the year: a shop may be filled on any day."""
    gone = demo_products.discontinued()
    lapsed = 0
    for day in range(365):
        past = past_customers.PastSeeder(TODAY + timedelta(days=day))
        slugs = {piece.sku: piece.slug for piece in past.pieces}
        for purchase in (purchase for life in past.lives for purchase in life.purchases):
            if past.outcome(purchase) == "lapsed":
                lapsed += 1
                assert gone.isdisjoint(slugs[sku] for sku in past.by_sku(purchase.wares))
    assert lapsed > 365


def test_every_ware_can_be_sold_under_a_sku_of_its_own_and_has_its_pictures() -> None:
    everything = [ware for shelf in demo_products.shelves() for ware in shelf.wares]
    skus = [ware.sku(glaze, size) for ware in everything for glaze in ware.glazes for size in ware.sizes]
    assert len(skus) == len(set(skus))
    assert 28 <= len(everything) <= 34 and len(demo_products.shelves()) == 6
    for ware in everything:
        for glaze in ware.glazes:
            assert ware.picture(glaze).stat().st_size <= 20_000
            assert len(ware.alt(glaze)) > 30


def test_the_past_sells_nothing_that_was_not_on_the_shelves_yet() -> None:
    held_back = {
        ware.slug for shelf in demo_products.shelves() for ware in shelf.wares if ware.opens or ware.members_only
    }
    assert held_back and not held_back & {piece.slug for piece in past_customers.pieces()}


def test_essays_are_worth_reading_two_are_gated_and_one_drips() -> None:
    essays = journal.demo_articles()
    assert len(essays) == 8
    assert all(300 <= len(essay.body.split()) <= 700 for essay in essays)
    assert sum(essay.gate == "members" for essay in essays) == 2
    assert [essay.drip_days for essay in essays if essay.drip_days] == [30]


def test_a_membership_of_the_past_is_over_today() -> None:
    """Months are longer than thirty days, by which the story counts."""
    today = TODAY
    for plan in (ANNUAL, MONTHLY):
        for joins in range(31, 800):
            for leaves in (1, 2, 5, 12, 30):
                stay = DemoMembership(plan, joins, leaves, "cancelled")
                ended = past_memberships.ending(stay, today)
                assert past_memberships.beginning(stay, today) < ended <= today, stay
