"""What a country and a trade lead to: first values that exist, and that the settings accept."""

from pathlib import Path

from components.checkout.taxes import suggested_rates
from components.content.pages import starter_pages
from components.foundation.postal import postal_regions
from components.foundation.shop_settings import setting_rules
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.memberships.benefits import kinds
from components.opening import country_facts, time_zones, trades, usual_categories

FIRST_TEXTS = Path(starter_pages.__file__).parent / "page_templates" / "by_country"


def test_every_country_begins_with_values_that_a_shop_can_have() -> None:
    wrong = []
    for country in sorted(setting_rules.COUNTRIES):
        for name, value in country_facts.settings(country).items():
            if words := setting_rules.trouble(name, value):
                wrong.append(f"{country} {name}={value}: {words}")
    assert wrong == []


def test_countries_begin_with_their_own_money_format_and_time() -> None:
    known = {
        "GB": ("GBP", "en_GB", "Europe/London", "yes"),
        "DE": ("EUR", "de_DE", "Europe/Berlin", "yes"),
        "US": ("USD", "en_US", "America/New_York", "no"),
        "CA": ("CAD", "en_CA", "America/Toronto", "no"),
        "CH": ("CHF", "de_CH", "Europe/Zurich", "yes"),
        "JP": ("JPY", "ja_JP", "Asia/Tokyo", "yes"),
        "IN": ("INR", "en_IN", "Asia/Kolkata", "yes"),
        "BG": ("EUR", "bg_BG", "Europe/Sofia", "yes"),
        "SE": ("SEK", "sv_SE", "Europe/Stockholm", "yes"),
    }
    for country, wanted in known.items():
        found = country_facts.settings(country)
        assert (found["currency"], found["locale"], found["time_zone"], found["prices_include_tax"]) == wanted, country


def test_a_shop_begins_in_its_country_s_language_where_there_is_a_catalogue_of_it() -> None:
    found = {code: country_facts.settings(code)["shop_language"] for code in ("GB", "DE", "AT", "CH", "FR", "JP", "US")}
    assert found == {"GB": "en", "DE": "de", "AT": "de", "CH": "de", "FR": "en", "JP": "en", "US": "en"}
    numbers = {code: country_facts.settings(code)["invoice_prefix"] for code in ("GB", "DE", "AT", "FR")}
    assert numbers == {"GB": "INV-", "DE": "RE-", "AT": "RE-", "FR": "INV-"}
    assert country_facts.settings("DE")["credit_note_prefix"] == "RK-"
    titles = [starter_pages.draft(kind, "other", "de").title for kind in ("about", "delivery", "imprint")]
    assert titles == ["Über uns", "Versand und Zahlung", starter_pages.draft("imprint", "other").title]


def test_the_time_zone_follows_from_the_state_in_countries_with_several() -> None:
    for country in time_zones.ASKING_REGION:
        named = dict(postal_regions.of_country(country))
        assert time_zones.regions(country) == named.keys() - ({"AA", "AE", "AP"} if country == "US" else set())
        for region in time_zones.regions(country):
            found = country_facts.settings(country, region=region)
            assert not setting_rules.trouble("time_zone", found["time_zone"]), (country, region)
            assert found["time_zone"] == time_zones.of_region(country, region) and found["tax_region"] == region
    known = {("US", "HI"): "Pacific/Honolulu", ("US", "TX"): "America/Chicago", ("CA", "BC"): "America/Vancouver",
             ("AU", "WA"): "Australia/Perth", ("BR", "AM"): "America/Manaus"}  # fmt: skip
    assert {one: time_zones.of_region(*one) for one in known} == known
    for country in time_zones.ASKING_ZONE:
        zones = dict(time_zones.of_country(country))
        assert len(zones) > 1 and country_facts.settings(country)["time_zone"] in zones, country
        assert country not in postal_regions.WITH_REGIONS or country == "ES"
        assert all(not setting_rules.trouble("time_zone", zone) for zone in zones), country


def test_every_trade_names_benefits_that_kinds_offer_and_a_rate_that_exists() -> None:
    for key, trade in trades.TRADES.items():
        assert not setting_rules.trouble("trade", key)
        for name in trade.benefits:
            kind, answers = kinds.starter(name)
            of_kind = kinds.kind(kind)
            assert of_kind.words(of_kind.read(answers)), name
        assert set(trade.tax.values()) <= {"zero", "reduced", "reduced-2"}
    assert trades.tax_category(ShopSettings(trade="books", country="DE")) == "reduced"
    assert trades.tax_category(ShopSettings(trade="books", country="US")) == "standard"
    assert trades.tax_category(ShopSettings(trade="pots", country="GB")) == "standard"


BOOKS = {
    "AT": 1000, "BE": 600, "BG": 900, "CZ": 0, "DE": 700, "EE": 900, "ES": 400, "FI": 1350, "FR": 550, "GB": 0,
    "GR": 600, "HR": 500, "HU": 500, "IE": 0, "IT": 400, "LT": 500, "LU": 300, "LV": 500, "MT": 500, "NL": 900,
    "NO": 0, "PL": 500, "PT": 600, "RO": 1100, "SE": 600, "SI": 500,
}  # fmt: skip
FOOD = {
    "AT": 1000, "BE": 600, "CY": 500, "CZ": 1200, "DE": 700, "ES": 1000, "FI": 1350, "FR": 550, "GB": 0, "GR": 1300,
    "IE": 0, "IT": 1000, "LU": 300, "MT": 0, "NL": 900, "NO": 1500, "PL": 500, "PT": 600, "RO": 1100, "SE": 600,
    "SI": 950,
}  # fmt: skip


def test_books_and_food_begin_with_the_rate_that_they_have_in_their_country() -> None:
    for known, usual in ((BOOKS, usual_categories.PRINTED), (FOOD, usual_categories.EATEN)):
        found = {}
        for country, category in usual.items():
            rates = {
                rate.category: rate.rate_bp for rate in suggested_rates.of_country(country).rates if not rate.region
            }
            found[country] = 0 if category == "zero" else rates[category]
        assert found == known


def test_a_shop_promises_no_more_days_to_return_than_the_law_until_it_chooses_to() -> None:
    found = {code: country_facts.settings(code)["return_days"] for code in ("DE", "AT", "FR", "GB", "US", "JP")}
    assert found == {"DE": "14", "AT": "14", "FR": "14", "GB": "14", "US": "30", "JP": "30"}


def test_the_first_text_about_returns_is_true_of_any_number_of_days() -> None:
    texts = {path.parent.name: path.read_text() for path in FIRST_TEXTS.glob("*/returns.md")}
    assert set(texts) >= {"de", "at", "eu", "gb"}
    for code, text in texts.items():
        said = ("hinaus nehmen", "Freiwillig", "Longer than the law", "Beyond that we take")
        assert "{return days}" in text and not any(words in text for words in said), code
