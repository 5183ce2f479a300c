"""Owners change what the shop is called and how it writes money and time; the machine's settings they read."""

import asyncio
from dataclasses import fields

import pytest

from components.foundation import database, settings
from components.foundation.database.notifications import listener
from components.foundation.operations import settings_report
from components.foundation.settings import BadSetting, Settings
from components.foundation.shop_settings import setting_rows, shop_settings
from components.foundation.shop_settings.setting_rows import ShopSettingRefused
from components.foundation.shop_settings.shop_settings import NAMES, ShopSettings
from components.messaging import mailbox
from tests.support import make_products, people
from tests.support.shops import Shop


async def test_owners_read_the_machines_settings_and_where_each_is_set(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get("/staff/settings/server")
    for one in fields(Settings):
        assert one.name.upper() in page.words, one.name
    assert "Not set (default)" in page.words
    assert settings.current().secret_key not in page.text and "set (not shown)" in page.words


def test_a_setting_of_the_environment_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "1")
    where = {one.name: one.where for _, told in settings_report.all_settings() for one in told}
    assert where["WORKERS"] == "Environment variable" and len(where) == len(fields(Settings))


async def test_a_saved_setting_is_on_every_kind_of_page_and_in_e_mails_at_once(shop: Shop) -> None:
    await people.owner()
    await make_products.product()
    await shop.refresh()
    iris, guest = await shop.signed_in("iris@kiln.test"), shop.browser()
    kept = await guest.get("/products")
    assert "Kiln" in kept.text and "Northline" not in kept.text
    form = await iris.get("/staff/settings/shop")
    saved = await iris.submit(
        form,
        "/staff/settings/shop",
        shop_name="Northline",
        club_name="the Rope",
        locale="de_DE",
        time_zone="Europe/Berlin",
    )
    assert "Saved. It applies from now on." in saved.alerts()
    for path in ("/", "/products", "/join", "/basket", "/sign-in", "/no-such-page", "/api/v1/openapi.json"):
        page = await guest.get(path)
        assert "Northline" in page.text and "Kiln" not in page.text, path
    assert "24,00" in (await guest.get("/products")).words, "kept parts are written anew in the other format"
    assert "Iris" in saved.words and "Berlin" in saved.words, "the page says who changed what"
    await iris.submit(await iris.get("/staff/settings/emails"), "/staff/settings/emails/test")
    (test,) = (await mailbox.email_page(to="iris@kiln.test", template="test_email", page=1)).emails
    assert test.subject == "A test from Northline"


WRONG = {
    "shop_name": ("", "x" * 61),
    "shop_tagline": ("", "x" * 121),
    "club_name": ("", "a\nb"),
    "currency": ("XYZ", "gbp", ""),
    "country": ("ZZ", "Germany", "de"),
    "time_zone": ("Mars/X", "../etc/passwd", ""),
    "locale": ("xx_YY", "🙂", ""),
    "shop_language": ("xx", "EN", "../de"),
    "shop_languages": ("en xx", "xx"),
    "order_prefix": ("", "k", "TOOLONG", "K-"),
    "return_days": ("-1", "366", "x", "1.5"),
    "gift_years": ("-1", "31", "x", "1.5"),
    "renewal_credit": ("", "maybe"),
    "mail_from": ("", "Iris", "Iris <iris>", "a@b.test\nBcc: c@d.test"),
    "reply_to": ("nobody", "a b@c.test"),
    **dict.fromkeys(("brand_accent", "brand_ground", "brand_sale"), ("", "red", "#12345", "#GGGGGG", "#1F4E79")),
    "brand_accent_dark": ("red", "#12345"),
    **dict.fromkeys(("brand_buttons", "brand_corners", "brand_surface"), ("", "other")),
    **dict.fromkeys(("brand_headings", "brand_text"), ("", "comic-sans")),
    **dict.fromkeys(("brand_logo", "brand_logo_dark", "brand_icon"), ("x", "../x-1x1", "0" * 32 + "-0x9")),
    "announcement_text": ("x" * 161, "a\nb"),
    "announcement_link": ("javascript:alert(1)", "//evil.test", "http://x.test", "/a b", "https://a@b.test/"),
    **dict.fromkeys(("announcement_from", "announcement_until"), ("soon", "2027-03-01T09:00")),
    "prices_include_tax": ("", "maybe"),
    "tax_region": ("ca", "CALIFORNIA"),
    "vat_number": ("x" * 31, "a\nb"),
    "eu_sales": ("", "other"),
    "export_prices": ("", "other"),
    "fee_tax": ("", "other"),
    "delivery_tax": ("", "Two words"),
    "tax_source": ("", "avalara"),
    "tax_fallback": ("", "free"),
    "small_business": ("", "perhaps"),
    "small_business_note": ("x" * 201, "a\nb"),
    "company_name": ("x" * 121, "a\nb"),
    "company_street": ("x" * 121, "a\nb"),
    "company_town": ("x" * 121, "a\nb"),
    "company_phone": ("1" * 41, "a\nb"),
    "company_email": ("nobody", "a b@c.test"),
    "company_people": ("x" * 201, "a\nb"),
    "tax_number": ("x" * 41, "a\nb"),
    "invoices": ("", "maybe"),
    **dict.fromkeys(("invoice_prefix", "credit_note_prefix"), ("", "inv-", "1-", "TOOLONGPREFIX", "A B")),
    "invoice_years": ("", "monthly"),
    "invoice_attached": ("", "perhaps"),
    "trade": ("Books!", "x" * 21),
    "delivery_dates": ("", "yes"),
    "handling_least": ("-1", "31", "", "1.5", "²"),
    "handling_most": ("-1", "31", "", "x"),
    "order_cutoff": ("", "24:00", "9:00", "14.00", "14:00:00"),
    "packing_days": ("", "8", "21", "11", "0"),
    "packing_holidays": ("", "on"),
    "holiday_region": ("x" * 31, "a\nb"),
    "weight_unit": ("", "oz"),
    "behaviour": ("", "everything"),
    "behaviour_asking": ("", "never"),
    "personal_shelves": ("", "yes"),
    "behaviour_months": ("", "0", "26", "x"),
    "company_register": ("x" * 201, "a\nb"),
    "checkout_phone": ("", "always"),
    "cancel_page": ("", "off"),
    "dispute_lost": ("", "refund"),
    "withdrawal_page": ("", "off"),
    "renewal_notices": ("", "never"),
    "renewal_notice_days": ("", "6", "61", "1.5"),
    "trial_notice_days": ("", "2", "61", "x"),
    "terms_consent": ("", "perhaps"),
    "terms_pages": ("x" * 401, "a\nb"),
}


async def test_a_value_that_cannot_be_is_refused_in_words_and_changes_nothing(shop: Shop) -> None:
    assert set(WRONG) == set(NAMES)
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    for section in (
        "shop",
        "languages",
        "orders",
        "emails",
        "company",
        "invoices",
        "disputes",
        "notices",
        "behaviour",
        "personal",
    ):
        page = await iris.get(f"/staff/settings/{section}")
        for name in [name for name in NAMES if f'name="{name}"' in page.text]:
            for value in WRONG[name]:
                with pytest.raises(ShopSettingRefused):
                    await setting_rows.change({name: value}, by=None)
                refused = await iris.submit(page, f"/staff/settings/{section}", **{name: value})
                assert refused.status == 422 and refused.alerts(), (name, value)
    assert await database.fetch_value("SELECT count(*) FROM shop_setting") == 0


async def test_the_currency_is_fixed_by_the_first_price(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    form = await iris.get("/staff/settings/shop")
    saved = await iris.submit(form, "/staff/settings/shop", currency="EUR")
    assert shop_settings.current().currency == "EUR" and "can no longer be changed" not in saved.words
    for path in ("/staff/delivery/pickup/new", "/staff/plans/new", "/staff/coupons/new", "/staff/sales/new"):
        page = await iris.get(path)
        assert "€" in page.words and "£" not in page.words, path
    await make_products.product()
    refused = await iris.submit(saved, "/staff/settings/shop", currency="GBP")
    assert refused.status == 422 and shop_settings.current().currency == "EUR"
    assert "would not convert it" in refused.words and "can no longer be changed" in refused.words


async def test_only_owners_open_them(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["settings"])
    sam = await shop.signed_in("sam@kiln.test")
    for path in ("", "/shop", "/orders", "/emails", "/server"):
        page = await sam.get(f"/staff/settings{path}")
        assert page.status == 403 and "SECRET_KEY" not in page.words, path
    assert "Back to Today" in page.words and "/staff/orders" not in page.links(), "her own rooms stay in reach"
    assert (await sam.post("/staff/settings/shop", {"shop_name": "Mine"})).status == 403
    assert (await sam.post("/staff/settings/emails/test", {})).status == 403
    assert await database.fetch_value("SELECT count(*) FROM shop_setting") == 0


async def test_rows_count_before_the_environment_and_the_environment_before_defaults(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_NAME", "Of the environment")
    monkeypatch.delenv("CLUB_NAME")
    await setting_rows.refresh()
    assert shop_settings.current().shop_name == "Of the environment"
    assert shop_settings.current().club_name == ShopSettings().club_name
    await setting_rows.adopt_environment()
    monkeypatch.setenv("SHOP_NAME", "Somebody else’s")
    await setting_rows.adopt_environment()
    assert shop_settings.current().shop_name == "Of the environment", "written down once, and from then on it counts"
    monkeypatch.setenv("CURRENCY", "XYZ")
    with pytest.raises(BadSetting, match=r"CURRENCY must be a currency Stripe can charge"):
        setting_rows.environment()


async def test_another_process_hears_of_it(shop: Shop) -> None:
    """Here the other process is this one: it is told nothing but by PostgreSQL."""
    await setting_rows.start()
    await listener.start()
    try:
        await database.execute(
            "INSERT INTO shop_setting (id, name, value, at) VALUES (gen_random_uuid(), 'shop_name', 'Elsewhere', now())"
        )
        for _ in range(200):
            await asyncio.sleep(0.01)
            if shop_settings.current().shop_name == "Elsewhere":
                return
        raise AssertionError("nothing was heard in two seconds")
    finally:
        await listener.stop()
