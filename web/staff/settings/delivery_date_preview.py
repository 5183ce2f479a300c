"""What customers would be told, ordering on each of the next days: with the settings as they are, or as typed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from components.checkout.delivery import delivery_promises, public_holidays
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation.formatting import date_span
from components.foundation.shop_settings import shop_settings

DAYS = 7
AHEAD = timedelta(days=100)


@dataclass(frozen=True, kw_only=True)
class PreviewRow:
    """`arrives` is "" where no method has days on the way."""

    ordered: str
    packed: str
    arrives: str


@dataclass(frozen=True, kw_only=True)
class DatesPreview:
    """`method` is the first of the shop's own country that has days on the way; `without` are those that have none."""

    rows: tuple[PreviewRow, ...]
    method: str
    without: tuple[str, ...]
    holidays: tuple[tuple[str, str], ...]


def preview(terms: DeliveryTerms, at: datetime) -> DatesPreview:
    """As if they were on."""
    with shop_settings.trying({"delivery_dates": "on"} | _tried()):
        shop = shop_settings.current()
        offered = terms.methods_for(shop.country, shop.tax_region)
        method = next((one for one in offered if one.transit_most is not None), None)
        today = at.astimezone(ZoneInfo(shop.time_zone)).date()
        instants = [at, *(_early(terms, today + timedelta(days=more)) for more in range(1, DAYS))]
        rows = (_row(terms, method, one, is_now=one == at) for one in instants)
        return DatesPreview(
            rows=tuple(row for row in rows if row is not None),
            method=method.name if method else "",
            without=tuple(one.name for one in terms.methods if one.transit_most is None),
            holidays=_holidays(today) if shop.packing_holidays == "yes" else (),
        )


def _tried() -> dict[str, str]:
    """What is tried already: an inner trial begins from what is saved."""
    return {name: str(value) for name, value in asdict(shop_settings.current()).items() if name != "delivery_dates"}


def _early(terms: DeliveryTerms, day: date) -> datetime:
    return delivery_promises.closes_at(terms, day) - timedelta(minutes=1)


def _row(terms: DeliveryTerms, method: Method | None, at: datetime, *, is_now: bool) -> PreviewRow | None:
    packed = delivery_promises.packed(terms, at=at)
    if packed is None:
        return None
    shop = shop_settings.current()
    dates = (
        delivery_promises.dates(terms, method, country=shop.country, region=shop.tax_region, at=at) if method else None
    )
    day = at.astimezone(ZoneInfo(shop.time_zone)).date()
    return PreviewRow(
        ordered="Now" if is_now else f"{date_span(day, day)}, before {shop.order_cutoff}",
        packed=date_span(packed.earliest, packed.latest),
        arrives=delivery_promises.words(dates) if dates else "",
    )


def _holidays(today: date) -> tuple[tuple[str, str], ...]:
    """Those of the next months."""
    shop, until = shop_settings.current(), today + AHEAD
    known = [
        (day, name)
        for year in {today.year, until.year}
        for day, name in public_holidays.names(shop.country, shop.holiday_region, year)
    ]
    return tuple((date_span(day, day), name) for day, name in sorted(known) if today <= day <= until)
