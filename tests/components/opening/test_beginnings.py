"""What a country and a trade lead to: first values that exist, and that the settings accept."""

from components.content.pages import page_beginnings
from components.foundation.shop_settings import setting_rules
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.memberships.benefits import kinds
from components.opening import country_facts, trades


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
    titles = [page_beginnings.draft(kind, "other", "de").title for kind in ("about", "delivery", "imprint")]
    assert titles == ["Über uns", "Versand und Zahlung", page_beginnings.draft("imprint", "other").title]


def test_every_trade_names_benefits_that_kinds_offer_and_a_rate_that_exists() -> None:
    for key, trade in trades.TRADES.items():
        assert not setting_rules.trouble("trade", key)
        for name in trade.benefits:
            kind, answers = kinds.starter(name)
            of_kind = kinds.kind(kind)
            assert of_kind.words(of_kind.read(answers)), name
        assert set(trade.tax.values()) <= {"zero", "reduced"}
    assert trades.tax_category(ShopSettings(trade="books", country="DE")) == "reduced"
    assert trades.tax_category(ShopSettings(trade="books", country="US")) == "standard"
    assert trades.tax_category(ShopSettings(trade="pots", country="GB")) == "standard"
