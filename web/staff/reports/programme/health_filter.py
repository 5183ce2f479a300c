"""Of whom the health of the programme is: everybody, or the members of one country or one segment."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from components.foundation.shop_settings.setting_rules import COUNTRIES
from components.insights.programme import chosen_people
from components.insights.programme.chosen_people import ChosenPeople
from components.segments import segments
from web import countries
from web.staff.reports.programme import taken_over_words

NO_COUNTRY = "Choose a country from the list, or write its two letters: GB."
NO_SEGMENT = "There is no such segment. Choose one of those listed."


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFilter:
    """`country` and `segment` as an address has them; `wrong` says what of it cannot be used, and then it is of
    everybody. `words` is empty for everybody; `elsewhere` says who is in no country."""

    country: str
    segment: str
    countries: tuple[tuple[str, str], ...]
    segments: tuple[tuple[str, str], ...]
    words: str
    wrong: str
    elsewhere: str

    @property
    def query(self) -> str:
        """As the rest of an address, after a "?…"."""
        kept = {key: value for key, value in (("country", self.country), ("segment", self.segment)) if value}
        return f"&{urlencode(kept)}" if kept and not self.wrong else ""

    async def people(self) -> ChosenPeople:
        if self.wrong:
            return ChosenPeople()
        return await chosen_people.of(self.country, UUID(self.segment) if self.segment else None)


async def read(country: str, segment: str) -> HealthFilter:
    """Of what an address asks for."""
    named = {str(one.id): one.name for one in await segments.active()}
    wrong = NO_COUNTRY if country and country not in COUNTRIES else ""
    if segment and segment not in named:
        name = await _name_of(segment)
        named |= {segment: name} if name else {}
        wrong = wrong or ("" if name else NO_SEGMENT)
    parts = []
    if not wrong:
        parts += [f"members who paid their last fee from {countries.in_words(country)}"] if country else []
        parts += [f"customers who fit “{named[segment]}” today"] if segment else []
    return HealthFilter(
        country=country[:100], segment=segment[:100], countries=tuple(countries.choices()),
        segments=tuple(named.items()), words=f"Only {' and of these '.join(parts)}" if parts else "", wrong=wrong,
        elsewhere=await taken_over_words.sentence() if country and not wrong else "",
    )  # fmt: skip


async def _name_of(segment: str) -> str:
    """Of one that is archived, too; empty where there is none."""
    try:
        return (await segments.by_id(UUID(segment))).name
    except (ValueError, segments.UnknownSegment):
        return ""
