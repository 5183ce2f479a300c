"""What the shop promises about the arrival of an order: its settings, its closed days and public holidays, applied.

Nothing is promised until the shop says how fast it is, nor by a method without days on the way, nor for more units than
are on the shelf. Pure.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from components.catalog.views import VariantView
from components.checkout.delivery import delivery_dates, public_holidays
from components.checkout.delivery.delivery_dates import DeliveryDates, Packed, Packing, Transit, WorkingDays
from components.checkout.delivery.delivery_terms import Closure, DeliveryTerms, Method
from components.foundation.formatting import date_span
from components.foundation.languages.words import _, np_
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.orders.delivery.promised_delivery import PromisedDelivery

Promise = Callable[[Method], DeliveryDates | None]


def is_on() -> bool:
    return shop_settings.current().delivery_dates == "on"


def dates(
    terms: DeliveryTerms, method: Method, *, country: str, region: str = "", at: datetime
) -> DeliveryDates | None:
    """When an order of this instant arrives in that country by this method; None where the shop promises nothing."""
    if not is_on() or method.transit_least is None or method.transit_most is None:
        return None
    shop = shop_settings.current()
    packing = _packing(shop, terms.closures)
    if method.pickup:
        return delivery_dates.picked_up(at, packing, method.transit_most)
    days = WorkingDays(_weekdays(method.carrier_days), _holidays_on_the_way(shop, country, region))
    return delivery_dates.delivered(
        at, packing, Transit(days=days, least=method.transit_least, most=method.transit_most)
    )


def packed(terms: DeliveryTerms, *, at: datetime) -> Packed | None:
    """When it leaves the shop."""
    return delivery_dates.packed(at, _packing(shop_settings.current(), terms.closures))


def closes_at(terms: DeliveryTerms, day: date) -> datetime:
    """The instant of the day's cut-off."""
    return _packing(shop_settings.current(), terms.closures).closes_at(day)


def is_on_the_shelf(variant: VariantView, quantity: int, *, held: int = 0) -> bool:
    """Whether so many can be packed now; `held` are reserved for this very order."""
    return not variant.needs_delivery or variant.on_shelf is None or quantity <= variant.on_shelf + held


def words(promised: DeliveryDates) -> str:
    """ "Arrives Thu 3 Dec – Sat 5 Dec": what an order keeps of it."""
    if promised.is_pickup:
        return _("Ready to pick up from %(day)s", day=date_span(promised.latest, promised.latest))
    return _("Arrives %(days)s", days=date_span(promised.earliest, promised.latest))


def words_now(promised: DeliveryDates, *, at: datetime, place: str = "") -> str:
    """The same for somebody who has not ordered yet: with how long it holds, when that is today."""
    said, left = words(promised), _left(promised, at)
    if place:
        said = _("%(arrives)s in %(place)s", arrives=said, place=place)
    return _("%(arrives)s if you order within %(time)s", arrives=said, time=left) if left else said


def kept(promised: DeliveryDates | None) -> PromisedDelivery | None:
    """As the order keeps it."""
    if promised is None:
        return None
    return PromisedDelivery(
        words=words(promised), earliest=promised.earliest, latest=promised.latest, pack_by=promised.pack_by
    )


def _left(promised: DeliveryDates, at: datetime) -> str:
    """Only when the next cut-off is today's, as the shop's own clocks show it; rounded down."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    minutes = int((promised.order_by - at).total_seconds() // 60)
    if at.astimezone(zone).date() != promised.order_by.astimezone(zone).date() or minutes < 1:
        return ""
    hours = minutes // 60
    if hours:
        return np_("within", "1 hour", "%(num)s hours", hours)
    return np_("within", "a minute", "%(num)s minutes", minutes)


def _packing(shop: ShopSettings, closures: Iterable[Closure]) -> Packing:
    own_days, also = _days_of(tuple(closures))

    def is_closed(day: date) -> bool:
        is_off = shop.packing_holidays == "yes" and public_holidays.is_holiday(day, shop.country, shop.holiday_region)
        return is_off or day in own_days

    return Packing(
        days=WorkingDays(_weekdays(shop.packing_days), is_closed, also),
        least=shop.handling_least,
        most=max(shop.handling_least, shop.handling_most),
        cutoff=time.fromisoformat(shop.order_cutoff),
        zone=ZoneInfo(shop.time_zone),
    )


def _holidays_on_the_way(shop: ShopSettings, country: str, region: str) -> Callable[[date], bool]:
    """Carriers rest on the holidays of both ends."""

    def is_closed(day: date) -> bool:
        return public_holidays.is_holiday(day, country, region) or public_holidays.is_holiday(
            day, shop.country, shop.holiday_region
        )

    return is_closed


@lru_cache(maxsize=4)
def _days_of(closures: tuple[Closure, ...]) -> tuple[frozenset[date], frozenset[date]]:
    """The closed days, and those that count although they would not: of 200 entries up to 36,000."""
    closed = frozenset(day for one in closures if not one.is_open for day in _span(one))
    return closed, frozenset(day for one in closures if one.is_open for day in _span(one)) - closed


def _span(one: Closure) -> tuple[date, ...]:
    return tuple(one.first_day + timedelta(days=more) for more in range((one.last_day - one.first_day).days + 1))


@lru_cache(maxsize=200)
def _weekdays(written: str) -> frozenset[int]:
    return frozenset(int(sign) for sign in written)
