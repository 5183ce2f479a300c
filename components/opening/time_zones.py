"""The time zone of each state or province, of countries that have several: that of most of its people. Pure.

From the tz database's own descriptions (`zone1970.tab`).
"""

from babel.core import get_global

_BY_ZONE: dict[str, dict[str, str]] = {
    "US": {
        "America/New_York": "CT DE DC FL GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV",
        "America/Detroit": "MI",
        "America/Indiana/Indianapolis": "IN",
        "America/Kentucky/Louisville": "KY",
        "America/Chicago": "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Boise": "ID",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK",
        "Pacific/Honolulu": "HI",
        "America/Puerto_Rico": "PR",
        "America/St_Thomas": "VI",
        "Pacific/Guam": "GU",
        "Pacific/Saipan": "MP",
        "Pacific/Pago_Pago": "AS",
        "Pacific/Majuro": "MH",
        "Pacific/Pohnpei": "FM",
        "Pacific/Palau": "PW",
    },
    "CA": {
        "America/Toronto": "ON QC",
        "America/Vancouver": "BC",
        "America/Edmonton": "AB NT",
        "America/Regina": "SK",
        "America/Winnipeg": "MB",
        "America/Moncton": "NB",
        "America/Halifax": "NS PE",
        "America/St_Johns": "NL",
        "America/Iqaluit": "NU",
        "America/Whitehorse": "YT",
    },
    "AU": {
        "Australia/Sydney": "NSW ACT JBT",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Perth": "WA",
        "Australia/Darwin": "NT",
        "Australia/Hobart": "TAS",
    },
    "BR": {
        "America/Sao_Paulo": "DF ES GO MG PR RJ RS SC SP",
        "America/Bahia": "BA",
        "America/Maceio": "AL SE",
        "America/Recife": "PE",
        "America/Fortaleza": "CE MA PB PI RN",
        "America/Belem": "AP PA",
        "America/Araguaina": "TO",
        "America/Cuiaba": "MT",
        "America/Campo_Grande": "MS",
        "America/Manaus": "AM",
        "America/Porto_Velho": "RO",
        "America/Boa_Vista": "RR",
        "America/Rio_Branco": "AC",
    },
    "MX": {
        "America/Mexico_City": "AGU CHP CMX COL GRO GUA HID JAL MEX MIC MOR OAX PUE QUE SLP TAB TLA VER ZAC",
        "America/Monterrey": "COA DUR NLE TAM",
        "America/Chihuahua": "CHH",
        "America/Tijuana": "BCN",
        "America/Hermosillo": "SON",
        "America/Mazatlan": "BCS NAY SIN",
        "America/Cancun": "ROO",
        "America/Merida": "CAM YUC",
    },
    "ID": {
        "Asia/Jakarta": "AC BB BE BT JA JB JI JK JT KR LA RI SB SS SU YO",
        "Asia/Pontianak": "KB KT",
        "Asia/Makassar": "BA GO KI KS KU NB NT SA SG SN SR ST",
        "Asia/Jayapura": "MA MU PA PB",
    },
}
_OF_REGIONS = {
    country: {region: zone for zone, regions in zones.items() for region in regions.split()}
    for country, zones in _BY_ZONE.items()
}
ASKING_REGION = frozenset(_OF_REGIONS)
"""Countries whose time zone follows from the state, and in two of them the tax."""
ASKING_ZONE = frozenset({"CD", "CL", "EC", "ES", "FM", "GL", "KI", "KZ", "MN", "NZ", "PF", "PG", "PT", "RU"})
"""Others with several, whose regions addresses do not name by a code: they are asked for the zone itself."""


def of_region(country: str, region: str) -> str:
    """ "" where it is not known."""
    return _OF_REGIONS.get(country, {}).get(region, "")


def regions(country: str) -> frozenset[str]:
    """The codes of the regions whose zone is known: without those that no shop is in."""
    return frozenset(_OF_REGIONS.get(country, ()))


def of_country(country: str) -> tuple[tuple[str, str], ...]:
    """Its zones: pairs of name and city, by city."""
    named = (
        (zone, zone.rpartition("/")[2].replace("_", " ")) for zone in get_global("territory_zones").get(country, ())
    )
    return tuple(sorted(named, key=lambda pair: pair[1]))
