"""Until when the code of a gift can be redeemed: by the shop's setting, and never sooner than the law of its country.

Facts, not advice: a gift of a membership may count as a gift certificate. Each rule has its source; November 2026.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from components.foundation.shop_settings import shop_settings

FOR_EVER = 0


@dataclass(frozen=True, slots=True)
class LeastTime:
    """At least so many years from the purchase, or for ever (0); `to_year_end` counts from the end of its year."""

    years: int
    source: str
    to_year_end: bool = False


LEAST = {
    "US": LeastTime(5, "Credit CARD Act 2009, 15 U.S.C. § 1693l-1(c); 12 CFR 1005.20(e)"),
    "DE": LeastTime(3, "§§ 195, 199 BGB: three years from the end of the year of purchase", to_year_end=True),
    "AT": LeastTime(30, "§ 1478 ABGB"),
    "IE": LeastTime(5, "Consumer Protection (Gift Vouchers) Act 2019, s. 66B"),
    "AU": LeastTime(3, "Australian Consumer Law, s. 99B"),
    "NZ": LeastTime(3, "Fair Trading (Gift Card Expiry) Amendment Act 2024"),
    "CA": LeastTime(FOR_EVER, "Gift card rules of the provinces: for the most part no end at all"),
}
"""By the shop's country. Anywhere else the setting alone counts."""


def expires_at(bought_at: datetime) -> datetime | None:
    """The first instant at which it can no longer be redeemed: a midnight of the shop; None for never. `bought_at` is
    the purchase, or the day it is sent where that is later."""
    wanted, least = shop_settings.current().gift_years, LEAST.get(shop_settings.current().country)
    if wanted == FOR_EVER or (least is not None and least.years == FOR_EVER):
        return None
    ends = [_after(bought_at, wanted, to_year_end=False)]
    if least is not None:
        ends.append(_after(bought_at, least.years, to_year_end=least.to_year_end))
    return max(ends)


def _after(bought_at: datetime, years: int, *, to_year_end: bool) -> datetime:
    zone = ZoneInfo(shop_settings.current().time_zone)
    local = bought_at.astimezone(zone)
    if to_year_end:
        return datetime(local.year + years + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    is_leap_day = (local.month, local.day) == (2, 29)  # counts to the end of the 28th
    last = datetime(local.year + years, local.month, 28 if is_leap_day else local.day)
    return (last + timedelta(days=1)).replace(tzinfo=zone).astimezone(UTC)
