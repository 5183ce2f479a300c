"""What the parts of an address are called, country by country; in English, translated where they are shown."""

from components.foundation.languages.words import N_, _

ADDRESS, UNIT = N_("Address"), N_("Flat, floor or building")
_REGIONS = {
    "area": N_("Area"),
    "county": N_("County"),
    "department": N_("Department"),
    "district": N_("District"),
    "do_si": N_("Province or city"),
    "emirate": N_("Emirate"),
    "island": N_("Island"),
    "oblast": N_("Region"),
    "parish": N_("Parish"),
    "prefecture": N_("Prefecture"),
    "province": N_("Province"),
    "state": N_("State"),
}
_CHOOSE = {
    "Area": N_("Choose an area."),
    "County": N_("Choose a county."),
    "Department": N_("Choose a department."),
    "District": N_("Choose a district."),
    "Province or city": N_("Choose a province or city."),
    "Emirate": N_("Choose an emirate."),
    "Island": N_("Choose an island."),
    "Region": N_("Choose a region."),
    "Parish": N_("Choose a parish."),
    "Prefecture": N_("Choose a prefecture."),
    "Province": N_("Choose a province."),
    "State": N_("Choose a state."),
}
_CITIES = {"district": N_("District"), "suburb": N_("Suburb or town")}
_DISTRICTS = {
    "district": N_("District"),
    "neighborhood": N_("Neighbourhood"),
    "suburb": N_("Suburb"),
    "townland": N_("Townland"),
    "village_township": N_("Village or township"),
}
_POSTCODES = {"zip": N_("ZIP code"), "pin": N_("PIN code"), "eircode": N_("Eircode")}
_LIKE = {
    "Postcode": N_("Enter a postcode like %(example)s."),
    "Postal code": N_("Enter a postal code like %(example)s."),
    "ZIP code": N_("Enter a ZIP code like %(example)s."),
    "PIN code": N_("Enter a PIN code like %(example)s."),
    "Eircode": N_("Enter an Eircode like %(example)s."),
}


def region(kind: str) -> str:
    return _REGIONS.get(kind, kind.capitalize())


def city(kind: str) -> str:
    return _CITIES.get(kind, N_("Town or city"))


def district(kind: str) -> str:
    return _DISTRICTS.get(kind, kind.capitalize())


def postcode(country: str, kind: str) -> str:
    return N_("Postal code") if country == "CA" else _POSTCODES.get(kind, N_("Postcode"))


def choose(label: str) -> str:
    """What is said where none was chosen: "Choose a state."."""
    return _(_CHOOSE.get(label, "Choose a region."))


def like(label: str, example: str) -> str:
    """What is said of a postcode that is none: "Enter a ZIP code like 90210."."""
    return _(_LIKE.get(label, "Enter a postcode like %(example)s."), example=example)
