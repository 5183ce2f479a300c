"""What a new shop asks: seven things on three pages."""

from components.foundation.languages.words import N_, _
from components.foundation.postal import postal_regions
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import setting_rules, shop_settings
from components.opening import time_zones
from components.opening.trades import TRADES
from web import countries
from web.forms.fields import Choice, Choices, EmailField, Password, Text
from web.forms.form import BoundField, Form

CHOOSE = ("", N_("Please choose"))
PLACE = {
    "region": N_("Choose the state or province of your shop."),
    "time_zone": N_("Choose the time zone of your shop."),
}
HELP = {
    "US": N_("Your sales tax and time zone follow from it."),
    "CA": N_("Your tax and time zone follow from it."),
    "time_zone": N_("The city whose clocks show the same time as yours."),
}
AT_LEAST = N_("At least 8 characters.")
PRACTICE, STRIPE = "practice", "stripe"


class ShopQuestions(Form):
    shop_name = Text(N_("Name of the shop"), longest=60, autocomplete="organization")
    country = Choice(
        N_("Country of the shop"),
        autocomplete="country",
        help=N_("Currency, tax rates, formats and the first texts of your pages follow from it."),
    )
    region = Text(N_("State or province"), longest=6, required=False, autocomplete="off")
    time_zone = Text(N_("Time zone"), longest=60, required=False, autocomplete="off")
    trade = Choice(
        N_("What do you sell?"),
        (CHOOSE, *((key, trade.name) for key, trade in TRADES.items())),
        help=N_("Examples and a usual tax rate follow from it. You can sell anything else as well."),
    )

    def check(self) -> None:
        name = self.values.get("shop_name", "")
        if name and "shop_name" not in self.errors and setting_rules.trouble("shop_name", name):
            self.refuse("shop_name", _("A shop can’t have this name. Use at most 60 characters, in one line."))
        for part in PLACE:
            if part != self.place_asked:
                self.values[part] = ""
            elif self.values.get(part, "") not in dict(self._places()):
                self.refuse(part, _(PLACE[part]))

    @property
    def place_asked(self) -> str:
        """What is asked about where in the country the shop is, as far as anything follows from it; "" for nothing."""
        country = next(iter(self.typed.get("country", [])), "")
        asked = "region" if country in time_zones.ASKING_REGION else "time_zone"
        return asked if country in time_zones.ASKING_REGION | time_zones.ASKING_ZONE else ""

    @property
    def place(self) -> dict[str, str]:
        return {part: self.values.get(part) or "" for part in PLACE}

    def field(self, name: str) -> BoundField:
        """The states or the zones of the country chosen."""
        bound = super().field(name)
        if name in PLACE:
            bound.kind, bound.required = "choice", True
            self.choices[name] = (_choose(), *self._places())
            known = next(iter(self.typed.get("country", [])), "") if name == "region" else name
            bound.help = _(HELP.get(known, N_("Your time zone follows from it.")))
        return bound

    def _places(self) -> Choices:
        country = next(iter(self.typed.get("country", [])), "")
        if self.place_asked == "time_zone":
            return time_zones.of_country(country)
        known = time_zones.regions(country)
        return tuple(pair for pair in postal_regions.of_country(country) if pair[0] in known)


class FirstQuestions(ShopQuestions):
    """With who the owner is: for whoever comes with the one-time link."""

    name = Text(N_("Your name"), longest=200, autocomplete="name")
    email = EmailField(N_("Your e-mail"), autocomplete="username", help=N_("You sign in with it."))
    password = Password(N_("Choose a password"), autocomplete="new-password", help=AT_LEAST)


class PaymentQuestions(Form):
    """Also the form under Settings."""

    way = Choice(
        N_("Payments"),
        (
            (PRACTICE, N_("Practise first: no money moves")),
            (STRIPE, N_("Connect Stripe now")),
        ),
        as_radio=True,
    )
    key = Password(
        N_("Secret key of Stripe"),
        required=False,
        autocomplete="off",
        help=N_(
            "From Stripe’s dashboard: Developers, API keys. It begins with sk_ or rk_. It is tried before it is kept."
        ),
    )

    def check(self) -> None:
        key = self.values.get("key", "").strip()
        self.values["key"] = key
        if self.values.get("way") == STRIPE and not key and "key" not in self.errors:
            self.refuse("key", _("Paste the secret key, or choose to practise first."))


class SenderQuestion(Form):
    mail_from = Text(
        N_("Sender of your e-mails"), longest=200, help=N_("Name and address, like My Shop <hello@my-shop.example>.")
    )

    def check(self) -> None:
        typed = self.values.get("mail_from", "")
        if typed and "mail_from" not in self.errors and setting_rules.trouble("mail_from", typed):
            self.refuse("mail_from", _("Write a name and an e-mail address, like My Shop <hello@my-shop.example>."))

    @classmethod
    def filled(cls) -> "SenderQuestion":
        return cls.blank(mail_from=shop_settings.current().mail_from)


def choices() -> dict[str, Choices]:
    """The countries, after the invitation to choose one."""
    return {"country": (_choose(), *countries.choices())}


def _choose() -> tuple[str, str]:
    value, words = CHOOSE
    return value, _(words)


def country_of_browser(languages: str) -> str:
    """The country that the browser's first language with one names ("de-AT,de;q=0.9": AT); else empty."""
    known = dict(countries.choices())
    for one in languages.split(",")[:10]:
        code = one.split(";")[0].strip().rpartition("-")[2].upper()
        if code in known and "-" in one:
            return code
    return ""


def field_of(refusal: Refusal, form: Form) -> str | None:
    """The field that a refused setting stands in, when the page has it."""
    name = getattr(refusal, "name", "")
    return name if name in form.declared else None
