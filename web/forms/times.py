"""Fields for days and instants, within the years a shop can use."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from web.forms.fields import Field, Wrong

FIRST, LAST = 1900, 2099
_STOPS = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")


class Day(Field[date]):
    """Year, month and day; also day, month and year with full stops, as most who write so read German."""

    kind = "day"
    wants = N_("Year, month and day, for example 2027-03-31.")

    def read(self, typed: str) -> date:
        try:
            day = _with_stops(typed) or date.fromisoformat(typed)
        except ValueError:
            raise Wrong(_("Choose a date, like 2027-03-31.")) from None
        _check_year(day)
        return day


class Moment(Field[datetime]):
    """A date and time in the shop's own zone, unless another offset is typed after it; the value is in UTC."""

    kind = "moment"

    @property
    def wants(self) -> str:  # type: ignore[override]
        zone = shop_settings.current().time_zone
        return _("For example 2027-03-31 09:00, in %(zone)s time.", zone=zone)

    def read(self, typed: str) -> datetime:
        try:
            written = datetime.fromisoformat(typed)
        except ValueError:
            raise Wrong(_("Choose a date and time, like 2027-03-31 09:00.")) from None
        _check_year(written)
        local = written if written.tzinfo else written.replace(tzinfo=ZoneInfo(shop_settings.current().time_zone))
        return local.astimezone(UTC)

    def write(self, value: datetime | None) -> str:
        if value is None:
            return ""
        return value.astimezone(ZoneInfo(shop_settings.current().time_zone)).strftime("%Y-%m-%dT%H:%M")


def _with_stops(typed: str) -> date | None:
    """ "31.3.2027"; no other order of the parts is written with full stops."""
    found = _STOPS.fullmatch(typed.strip())
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None


def _check_year(day: date) -> None:
    if not FIRST <= day.year <= LAST:
        raise Wrong(_("Choose a year from %(first)s to %(last)s.", first=FIRST, last=LAST))
