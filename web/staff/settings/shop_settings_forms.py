"""The forms of the shop's settings, section by section. Fields bear the names of the settings they show."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_currency_name

from components.content.site import site_content
from components.foundation.currencies import SUPPORTED
from components.foundation.languages import catalogues, language
from components.foundation.shop_settings import setting_rules, shop_settings
from components.foundation.shop_settings.shop_settings import NAMES
from components.invoices import invoice_rules
from components.opening.trades import TRADES
from web import countries
from web.forms.fields import Choice, Choices, Many, Text
from web.forms.form import Form
from web.forms.numbers import Whole

LIST = "/staff/settings"
LOCALES = (
    "en_GB", "en_US", "en_IE", "en_CA", "en_AU", "en_NZ", "en_ZA", "en_IN", "en_SG", "cs_CZ", "da_DK", "de_AT",
    "de_CH", "de_DE", "es_ES", "es_MX", "fi_FI", "fr_BE", "fr_CA", "fr_CH", "fr_FR", "he_IL", "hu_HU", "it_CH",
    "it_IT", "ja_JP", "ko_KR", "nb_NO", "nl_BE", "nl_NL", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "sv_SE", "th_TH",
)  # fmt: skip
_WORDS = Locale("en")


class SettingsForm(Form):
    """A form whose fields are settings of the shop."""

    is_shared = True

    def check(self) -> None:
        for name, value in self.settings().items():
            if name not in self.errors and (words := setting_rules.trouble(name, value)):
                self.refuse(name, f"This {words}.")

    def settings(self) -> dict[str, str]:
        """What was typed, as the rows keep it."""
        return {name: str(self.values[name]).strip() for name in self.declared if name in NAMES and name in self.values}

    @classmethod
    def filled(cls) -> "SettingsForm":
        """As the settings are now."""
        known = shop_settings.current()
        return cls.blank(choices=choices(), **{name: getattr(known, name) for name in cls.declared})


class ShopForm(SettingsForm):
    shop_name = Text("Shop name", longest=60, help="On every page, in e-mails and on receipts.")
    shop_tagline = Text("Tagline", longest=120, help="A few words under the name, and in search results.")
    club_name = Text("Name of the membership", longest=60, help="As it reads in a sentence: “Join the Club”.")
    trade = Choice("What you sell", required=False, help="New products begin with its usual tax rate in your country.")
    country = Choice("Country", help="Prices and delivery are shown for it until a customer gives an address.")
    currency = Choice("Currency", help="The currency of all prices. It is fixed once something has a price.")
    time_zone = Choice("Time zone", help="For dates, times and the limits of each month in your figures.")
    locale = Choice("Format", help="How amounts and dates are written.")
    weight_unit = Choice("Weights", (("kg", "Kilograms"), ("lb", "Pounds")), help="As you type them, and see them.")


class OrderSettingsForm(SettingsForm):
    order_prefix = Text("Start of order numbers", longest=6, help="Capital letters or digits: S gives S-10001.")
    return_days = Whole(
        "Days to return", most=setting_rules.MOST_RETURN_DAYS, help="Cashback stays pending for the same time."
    )
    gift_years = Whole(
        "Years until a gift code expires",
        most=setting_rules.MOST_GIFT_YEARS,
        help="From the purchase; 0 for never. Where the law of your country asks for longer, that counts. Codes "
        "that are sold already keep what was told.",
    )
    renewal_credit = Choice(
        "Store credit on renewals",
        (("no", "Only at checkout"), ("yes", "Members may have their credit used for their renewals")),
        as_radio=True,
        help="Each member chooses on their membership page. Credit is a payment: fee, tax and invoice stay whole.",
    )


class EmailSettingsForm(SettingsForm):
    mail_from = Text("Sender", longest=200, help="Name and address, like My Shop <hello@example.org>.")
    reply_to = Text(
        "Replies go to", longest=200, required=False, help="An address that somebody reads. Empty: to the sender."
    )


class CompanyForm(SettingsForm):
    company_name = Text("Name", longest=120, required=False, help="Yours or your company’s, with its legal form.")
    company_street = Text("Street and number", longest=120, required=False)
    company_town = Text("Postcode and town", longest=120, required=False)
    company_phone = Text("Telephone", longest=40, required=False)
    company_email = Text("E-mail for customers", longest=200, required=False, help="The contact form writes to it.")
    company_people = Text(
        "Represented by", longest=200, required=False, help="Directors or owner, where your country asks for them."
    )
    company_register = Text(
        "Register",
        longest=200,
        required=False,
        help="For example “Amtsgericht Hamburg, HRB 123456” or “Companies House 01234567”.",
    )


class InvoiceSettingsForm(SettingsForm):
    invoices = Choice(
        "Invoices",
        (("off", "Issue none"), ("on", "Issue one for every order and fee that is paid, and credit notes for refunds")),
        as_radio=True,
        help="What was paid before they are turned on gets none. Do not have another program issue them as well.",
    )
    tax_number = Text(
        "Tax number",
        longest=40,
        required=False,
        help="Where your country asks for one of shops without a VAT number (Germany: Steuernummer).",
    )
    invoice_prefix = Text("Before the number of an invoice", longest=10, help="For example INV- gives INV-00001.")
    credit_note_prefix = Text("Before the number of a credit note", longest=10)
    invoice_years = Choice(
        "Numbers",
        as_radio=True,
        help="Numbers have no gaps and are never changed. A new prefix is for invoices from then on.",
    )
    invoice_attached = Choice(
        "E-mails",
        (("no", "Link to the invoice"), ("yes", "Link to it, and attach it as PDF")),
        as_radio=True,
    )

    def check(self) -> None:
        super().check()
        given = self.values
        if given.get("invoice_prefix") and given.get("invoice_prefix") == given.get("credit_note_prefix"):
            self.refuse("credit_note_prefix", "Choose another one than for invoices: no number may be given twice.")


class CheckoutSettingsForm(SettingsForm):
    checkout_phone = Choice(
        "Phone number with an address",
        (("off", "Don’t ask"), ("optional", "Ask, but let customers leave it out"), ("required", "Needed")),
        as_radio=True,
        help="Many carriers ask for one for parcels to other countries.",
    )
    cancel_page = Choice(
        "Cancelling a membership without signing in",
        (("country", "Where the law asks for it (Germany)"), ("on", "Always, at the foot of every page")),
        as_radio=True,
        help="In Germany the law (§ 312k BGB) asks every shop that sells memberships for such a page.",
    )


class DisputeSettingsForm(SettingsForm):
    dispute_lost = Choice(
        "When a bank decides for its customer",
        (
            ("ask", "Ask me what follows, each time"),
            ("keep", "Change nothing: the membership goes on"),
            ("end", "End the membership at once"),
        ),
        as_radio=True,
        help="It ends by itself only where the time that is running was paid with the lost payment; else you are asked."
        " Orders stay as they are.",
    )


class NoticesForm(SettingsForm):
    renewal_notices = Choice(
        "Remind members of a renewal",
        (
            ("year", "Before yearly renewals"),
            ("half_year", "At least every six months"),
            ("every", "Before every renewal"),
        ),
        as_radio=True,
        help="Where the law asks for more, members there are reminded all the same.",
    )
    renewal_notice_days = Whole(
        "Days before a renewal",
        most=setting_rules.MOST_NOTICE_DAYS,
        help="7 to 60. Before a shorter period than a year, at most a quarter of it.",
    )
    trial_notice_days = Whole(
        "Days before a trial ends", most=setting_rules.MOST_NOTICE_DAYS, help="3 to 60. Visa asks for seven or more."
    )
    withdrawal_page = Choice(
        "Withdrawing from a contract without signing in",
        (("country", "Where the law asks for it (European Union)"), ("on", "Always, at the foot of every page")),
        as_radio=True,
        help="Shops in the European Union need it since 19 June 2026, and others that sell there: choose “Always”.",
    )


class ConsentForm(SettingsForm):
    terms_consent = Choice(
        "When somebody orders, joins or gives a membership",
        (
            ("off", "Ask for nothing"),
            ("sentence", "Say in a sentence what they agree to"),
            ("tick", "Have them tick a box"),
        ),
        as_radio=True,
    )
    terms_pages = Many("Pages they agree to", help="Only published pages are named.")

    def settings(self) -> dict[str, str]:
        return super().settings() | {"terms_pages": " ".join(self.values.get("terms_pages", ()))}

    @classmethod
    def filled(cls) -> "ConsentForm":
        known = shop_settings.current()
        pages = known.terms_pages.split()
        return cls.blank(choices=choices(), terms_consent=known.terms_consent, terms_pages=pages)

    def check(self) -> None:
        super().check()
        if self.values.get("terms_consent") != "off" and not self.values.get("terms_pages"):
            self.refuse("terms_pages", "Choose at least one published page, or ask for nothing.")


class BehaviourForm(SettingsForm):
    behaviour = Choice(
        "What the shop keeps of its visitors",
        (
            ("off", "Nothing: no counts, no cookie, no question"),
            ("counts", "How often each page was looked at on a day, without anything about anybody"),
            ("visits", "That, and the visits of whoever agrees"),
        ),
        as_radio=True,
        help="Only the shop itself counts, and nothing leaves it. If you no longer keep visits, those that were kept "
        "are deleted the following night; counts without anybody in them stay.",
    )
    behaviour_asking = Choice(
        "Ask before visits are kept",
        (("country", "Where the law of your country asks for it"), ("always", "Always")),
        as_radio=True,
        help="Choose “Always” if you sell to countries whose law asks (the European Union and the United Kingdom among "
        "them). Where your country’s law is not known to the shop, it asks.",
    )
    behaviour_months = Whole(
        "Months until visits are deleted", most=setting_rules.MOST_BEHAVIOUR_MONTHS, help="1 to 25. Searches too."
    )


class PersonalForm(SettingsForm):
    personal_shelves = Choice(
        "Personal shelves",
        (
            ("on", "On: signed-in customers see products, plans and words chosen for them, each with its reason"),
            ("off", "Off: everybody sees the same"),
        ),
        as_radio=True,
        help="Chosen from each customer’s own orders, your segments and, where you keep visits, what they looked at. "
        "Each customer can switch it off in their account. “Often bought together” stays, the same for everybody.",
    )


class LanguagesForm(SettingsForm):
    shop_language = Choice(
        "Your shop’s language",
        help="What you write yourself (products, pages, plans) stays as you write it, so write it in this language.",
    )
    shop_languages = Many("Customers may also choose", help="They choose at the foot of each page.")

    def settings(self) -> dict[str, str]:
        more = (code for code in self.values.get("shop_languages", ()) if code != self.values.get("shop_language"))
        return super().settings() | {"shop_languages": " ".join(more)}

    @classmethod
    def filled(cls) -> "LanguagesForm":
        known = shop_settings.current()
        more = known.shop_languages.split()
        return cls.blank(choices=choices(), shop_language=known.shop_language, shop_languages=more)


@dataclass(frozen=True)
class Section:
    """One page of settings."""

    slug: str
    title: str
    summary: str
    form: type[SettingsForm]


SECTIONS = (
    Section("shop", "Shop", "Name, membership, country, currency, time zone.", ShopForm),
    Section("company", "Company", "Who is behind the shop: on its pages, and at the foot of each.", CompanyForm),
    Section("invoices", "Invoices", "Whether the shop issues them, and how they are numbered.", InvoiceSettingsForm),
    Section("languages", "Languages", "The shop’s language, and those customers may choose.", LanguagesForm),
    Section("checkout", "Checkout", "What customers are asked for with their address.", CheckoutSettingsForm),
    Section("consent", "Terms at checkout", "What customers agree to when they order, join or give.", ConsentForm),
    Section("behaviour", "Visitors", "What the shop counts of its visitors, and whether it asks.", BehaviourForm),
    Section("personal", "Personal shelves", "Whether customers see what is chosen for them.", PersonalForm),
    Section("disputes", "Disputes", "What follows when a bank takes a payment back for good.", DisputeSettingsForm),
    Section("notices", "Notices", "Reminders before a charge, withdrawing, and what the law asks.", NoticesForm),
    Section("orders", "Orders and returns", "Order numbers and how long goods may be returned.", OrderSettingsForm),
    Section("emails", "E-mails", "Who your e-mails come from, what each of them says, and a test.", EmailSettingsForm),
)


def choices() -> dict[str, Choices]:
    """Whatever the shop is set to now is always among them."""
    known = shop_settings.current()
    zones = {name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))}
    return {
        "country": countries.choices(),
        "shop_language": _languages(),
        "shop_languages": tuple(one for one in _languages() if one[0] != known.shop_language),
        "trade": tuple((key, trade.name) for key, trade in TRADES.items()),
        "terms_pages": tuple((page.slug, page.title) for page in site_content.current().pages),
        "currency": tuple(sorted((code, f"{get_currency_name(code, locale='en')} ({code})") for code in SUPPORTED)),
        "time_zone": tuple((name, name.replace("_", " ")) for name in sorted(zones | {known.time_zone})),
        "invoice_years": _invoice_years(known.country),
        "locale": tuple((name, _locale_name(name)) for name in dict.fromkeys((known.locale, *LOCALES))),
    }


def _invoice_years(country: str) -> Choices:
    running, yearly = "Count on for ever", "Begin anew each year, with the year in the number"
    usual = yearly if invoice_rules.of(country).restarts else running
    there = "As usual in your country"
    return (("country", f"{there}: {usual[0].lower()}{usual[1:]}"), ("running", running), ("yearly", yearly))


def label(name: str) -> str:
    """What the setting is called on its page."""
    return _LABELS.get(name, name)


def written(name: str, value: str) -> str:
    """A setting's stored value as its page shows it."""
    known: dict[str, Any] = {key: dict(pairs) for key, pairs in choices().items()}
    return str(known.get(name, {}).get(value, value))


def _locale_name(name: str) -> str:
    return Locale.parse(name).get_display_name(_WORDS) or name


_LABELS = {name: field.label for section in SECTIONS for name, field in section.form.declared.items()}


def _languages() -> Choices:
    return tuple((code, language.own_name(code)) for code in catalogues.codes())
