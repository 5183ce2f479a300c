"""Which backups are kept."""

from datetime import UTC, datetime, timedelta

from components.keeping import backup_retention
from components.keeping.backup_retention import Keep

NIGHT = datetime(2027, 3, 31, 2, 41, tzinfo=UTC)


def kept(taken: list[datetime], keep: Keep) -> list[str]:
    return [f"{at:%m-%d}" for at in sorted(set(taken) - set(backup_retention.expired(taken, keep)))]


def test_days_weeks_and_months_each_keep_their_newest() -> None:
    every_night = [NIGHT - timedelta(days=n) for n in range(120)]
    assert kept(every_night, Keep(3, 2, 3)) == ["01-31", "02-28", "03-28", "03-29", "03-30", "03-31"]
    assert kept(every_night, Keep(1, 0, 0)) == ["03-31"]


def test_several_in_a_day_count_as_one() -> None:
    by_hand = [NIGHT, NIGHT + timedelta(hours=5), NIGHT - timedelta(days=1), NIGHT - timedelta(days=2)]
    assert backup_retention.expired(by_hand, Keep(2, 0, 0)) == [NIGHT - timedelta(days=2), NIGHT]


def test_a_shop_that_was_off_for_months_loses_nothing_meanwhile() -> None:
    old = [NIGHT - timedelta(days=200 + n) for n in range(3)]
    assert backup_retention.expired([*old, NIGHT], Keep(4, 0, 0)) == []


def test_the_newest_is_never_over() -> None:
    assert backup_retention.expired([NIGHT], Keep(0, 0, 0)) == [] and backup_retention.expired([], Keep(7, 5, 12)) == []
