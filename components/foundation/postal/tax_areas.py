"""Which countries form one area for value added tax and for customs. Pure."""

EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"}
    | {"MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)


def in_eu(country: str) -> bool:
    return country in EU


def area(country: str) -> str:
    """The customs area: goods that leave it are exported."""
    return "EU" if country in EU else country


def crosses_border(home: str, there: str) -> bool:
    """Whether a parcel from one country to the other passes customs."""
    return area(home) != area(there)


def number_prefix(country: str) -> str:
    """What a VAT number of this country begins with: its code, except for Greece."""
    return "EL" if country == "GR" else country
