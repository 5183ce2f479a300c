"""The form of a delivery zone: whole countries, and single states and provinces chosen by name."""

from collections.abc import Iterable
from typing import Any, Self

from litestar import Request

from components.checkout.delivery.delivery_terms import Zone
from components.foundation.postal import postal_regions, tax_areas
from web import countries
from web.forms.fields import Choice, Choices, Many, Text, Tick
from web.forms.form import Form
from web.forms.sending import read_body


class ZoneForm(Form):
    is_shared = True
    name = Text("Name", longest=100, help="For you and your colleagues, for example “Europe”.")
    countries = Many("Countries")
    regions = Many("Single states or provinces")
    parts_of = Choice(
        "Add single states or provinces of",
        required=False,
        help="Where only a part of a country belongs here, or is delivered to differently.",
    )
    is_eu = Tick("The European Union", help="Adds every country of it that is in no other zone.")
    is_rest = Tick("Rest of the world", help="Also every country that is in no other zone.")

    def check(self) -> None:
        if not any(self.values[name] for name in ("countries", "regions", "is_eu", "is_rest")):
            self.refuse("countries", "Choose at least one country, or the rest of the world.")

    @classmethod
    async def of_request(cls, request: Request[Any, Any, Any]) -> Self:
        given = await read_body(request)
        asked = {str(place)[:2] for place in (*given.getall("regions"), *given.getall("parts_of"))}
        return await cls.read(request, choices=_choices(asked))

    @classmethod
    def new(cls) -> Self:
        return cls.blank(choices=_choices(()))

    @classmethod
    def of_zone(cls, zone: Zone) -> Self:
        whole = tuple(place for place in zone.places if "-" not in place)
        parts = tuple(place for place in zone.places if "-" in place)
        return cls.blank(
            choices=_choices({place[:2] for place in parts}),
            name=zone.name,
            countries=whole,
            regions=parts,
            is_rest=zone.is_rest,
        )

    def places(self, others: Iterable[Zone]) -> tuple[str, ...]:
        """What was ticked. `others` are the zones beside this one: what they have, the European Union adds not."""
        taken = {place for zone in others for place in zone.places}
        union = sorted(tax_areas.EU - taken) if self.is_eu else ()
        return tuple(dict.fromkeys((*self.values["countries"], *union, *self.values["regions"])))

    @property
    def region_groups(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """The regions that are shown, country by country."""
        shown = dict.fromkeys(place[:2] for place, _ in self.choices.get("regions", ()))
        return tuple((countries.name(country), _regions(country)) for country in shown)


def places_text(places: Iterable[str], *, is_rest: bool) -> str:
    """A few of them by name."""
    names = sorted(place_name(place) for place in places)
    if is_rest:
        names.append("every country in no other zone")
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def place_name(place: str) -> str:
    country, _, region = place.partition("-")
    if not region:
        return countries.name(country)
    return f"{dict(postal_regions.of_country(country)).get(region, region)} ({countries.name(country)})"


def _choices(shown: Iterable[str]) -> dict[str, Choices]:
    known = [pair for pair in countries.choices() if pair[0] in postal_regions.WITH_REGIONS]
    wanted = sorted(set(shown) & postal_regions.WITH_REGIONS)
    return {
        "countries": countries.choices(),
        "regions": tuple(pair for country in wanted for pair in _regions(country)),
        "parts_of": known,
    }


def _regions(country: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{country}-{code}", name) for code, name in postal_regions.of_country(country))
