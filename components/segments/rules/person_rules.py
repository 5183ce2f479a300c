"""Rules about the customer: since when, tags, country, language, account, birthday."""

from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_month_names

from components.foundation.languages import language
from components.foundation.languages.words import N_, _, n_
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.setting_rules import COUNTRIES
from components.segments import customer_tags, statement
from components.segments.customer_tags import TagRefused
from components.segments.rule_fields import Options, RuleChoice, RuleFieldRefused, RuleNumber, RuleText, Value
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import IS_TRUE, at_least_or_less, if_so
from components.segments.statement import EVERYBODY, Statement

THIS_MONTH = "now"


def _customer_for(values: Values, into: Statement) -> str:
    compared = "<=" if values["is"] == "at_least" else ">"
    return f"{EVERYBODY} AND created_at {compared} {into.days_ago(int(values['days'] or 1))}"


def _customer_for_said(values: Values) -> str:
    days = int(values["days"] or 1)
    if values["is"] == "at_least":
        return n_("have had an account for at least %(num)s day", "have had an account for at least %(num)s days", days)
    return n_("have had an account for less than %(num)s day", "have had an account for less than %(num)s days", days)


class _Tag(RuleText):
    def parsed(self, text: str) -> Value:
        try:
            return customer_tags.normal(text)
        except TagRefused as refusal:
            raise RuleFieldRefused(refusal.words) from None


def _tagged(values: Values, into: Statement) -> str:
    return if_so(values, into, f"SELECT t.person FROM customer_tag t WHERE t.tag = {into.bind(values['tag'], 'text')}")


def _tagged_said(values: Values) -> str:
    if values["is"] == "yes":
        return _("are tagged “%(tag)s”", tag=values["tag"])
    return _("are not tagged “%(tag)s”", tag=values["tag"])


def _countries() -> Options:
    names = Locale.parse(language.locale()).territories
    found = [(code, names.get(code, code)) for code in COUNTRIES]
    return tuple(sorted(found, key=lambda pair: (pair[0] != shop_settings.current().country, pair[1])))


_COUNTRY = RuleChoice(name="country", label=N_("Country"), options=_countries)


def _country(values: Values, into: Statement) -> str:
    """That of their default address; without one, that to which their last order went."""
    country = into.bind(values["country"], "text")
    lives = f"SELECT a.person FROM segments_addresses a WHERE a.country = {country}"
    ordered = f"""SELECT o.person FROM (
      SELECT DISTINCT ON (l.person) l.person, l.country FROM segments_orders l WHERE l.paid_at <= {into.now}
      ORDER BY l.person, l.paid_at DESC, l.id DESC) o WHERE o.country = {country}"""
    elsewhere = statement.without(into, ordered, "SELECT a.person FROM segments_addresses a")
    return if_so(values, into, statement.any_of(into, [lives, elsewhere]))


def _country_said(values: Values) -> str:
    country = _COUNTRY.label_of(values["country"])
    if values["is"] == "yes":
        return _("have their address in this country: %(country)s", country=country)
    return _("do not have their address in this country: %(country)s", country=country)


def _languages() -> Options:
    return tuple((code, language.own_name(code)) for code in language.offered())


_LANGUAGE = RuleChoice(name="language", label=N_("Language"), options=_languages)


def _language(values: Values, into: Statement) -> str:
    """Whoever chose none uses the shop's own."""
    own = into.bind(shop_settings.current().shop_language, "text")
    return if_so(
        values,
        into,
        f"""{EVERYBODY} AND coalesce(nullif(language, ''), {own}) = {into.bind(values["language"], "text")}""",
    )


def _language_said(values: Values) -> str:
    name = _LANGUAGE.label_of(values["language"])
    if values["is"] == "yes":
        return _("use the shop in this language: %(language)s", language=name)
    return _("do not use the shop in this language: %(language)s", language=name)


def _account(values: Values, into: Statement) -> str:
    return if_so(values, into, f"{EVERYBODY} AND has_signed_in")


def _account_said(values: Values) -> str:
    if values["is"] == "yes":
        return _("have used their account")
    return _("have an account that they have never used")


def _months() -> Options:
    names = get_month_names("wide", context="stand-alone", locale=language.locale())
    return ((THIS_MONTH, _("this month")), *((str(number), names[number]) for number in range(1, 13)))


_MONTH = RuleChoice(name="month", label=N_("Month"), options=_months)


def _birthday(values: Values, into: Statement) -> str:
    month = str(values["month"])
    if month == THIS_MONTH:
        month = str(into.at.astimezone(ZoneInfo(shop_settings.current().time_zone)).month)
    number = int(month) if month.isdecimal() and len(month) < 3 else 0
    return if_so(values, into, f"{EVERYBODY} AND extract(month FROM birthday) = {into.bind(number, 'int')}")


def _birthday_said(values: Values) -> str:
    if values["month"] == THIS_MONTH:
        return (
            _("have their birthday this month") if values["is"] == "yes" else _("do not have their birthday this month")
        )
    month = _MONTH.label_of(values["month"])
    if values["is"] == "yes":
        return _("have their birthday in %(month)s", month=month)
    return _("do not have their birthday in %(month)s", month=month)


KINDS = (
    RuleKind(
        key="customer_for",
        group="customer",
        title=N_("Customer since"),
        fields=(
            RuleChoice(name="is", label=N_("How long"), options=at_least_or_less),
            RuleNumber(name="days", label=N_("Days"), least=1),
        ),
        select=_customer_for,
        says=_customer_for_said,
    ),
    RuleKind(
        key="tag",
        group="customer",
        title=N_("Tag"),
        fields=(IS_TRUE, _Tag(name="tag", label=N_("Tag"))),
        select=_tagged,
        says=_tagged_said,
    ),
    RuleKind(
        key="country",
        group="customer",
        title=N_("Country"),
        fields=(IS_TRUE, _COUNTRY),
        select=_country,
        says=_country_said,
    ),
    RuleKind(
        key="language",
        group="customer",
        title=N_("Language"),
        fields=(IS_TRUE, _LANGUAGE),
        select=_language,
        says=_language_said,
    ),
    RuleKind(
        key="account",
        group="customer",
        title=N_("Has used their account"),
        fields=(IS_TRUE,),
        select=_account,
        says=_account_said,
    ),
    RuleKind(
        key="birthday",
        group="customer",
        title=N_("Birthday"),
        fields=(IS_TRUE, _MONTH),
        select=_birthday,
        says=_birthday_said,
    ),
)
