"""Renewals paid by the year are told by themselves, however many are paid by the month."""

from components.insights.programme.renewal_rate import RenewalCount
from web.staff.reports.programme import renewal_words


def of(interval: str, due: int, renewed: int, plan: str = "Club") -> RenewalCount:
    return RenewalCount(plan=plan, interval=interval, interval_count=1, due=due, renewed=renewed, waiting=0)


def test_the_tile_has_a_rate_for_each_length() -> None:
    counts = (of("month", 1000, 950), of("year", 133, 91), of("month", 395, 367, "Basic"))
    assert renewal_words.by_length(counts) == "Every month 94.41% (1,317 of 1,395), every year 68.42% (91 of 133)"
    assert renewal_words.by_length(counts[:1]) == "950 of 1,000 renewals due"
    assert renewal_words.by_length(()) == "0 of 0 renewals due"


def test_the_weak_one_is_said_beside_the_verdict() -> None:
    monthly = of("month", 1395, 1317)
    said = "Weak: of the renewals that are paid every year only 68.42% were made, 91 of 133."
    assert renewal_words.weakest((monthly, of("year", 133, 91))) == said
    assert renewal_words.weakest((monthly, of("year", 133, 120))) == ""
    assert renewal_words.weakest((monthly, of("year", 19, 2))) == "", "of so few nothing is said"
    assert renewal_words.weakest((of("year", 133, 20),)) == "", "it is the tile itself"
    assert renewal_words.weakest(()) == ""
