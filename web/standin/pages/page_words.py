"""The payment page in the buyer's language: its words, money and days. In English as long as nobody has translated it.

The stand-in is no part of the shop and has none of its catalogues.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from web.standin.charging import amounts
from web.standin.state.clock import as_instant

ENGLISH = "en-GB"
GERMAN = {
    "Offline payments": "Offline-Zahlung",
    "Offline payments.": "Offline-Zahlung.",
    "This page stands in for the payment provider. No real payments are taken.": "Diese Seite vertritt den "
    "Zahlungsanbieter. Es wird nichts wirklich abgebucht.",
    "← Back to the shop": "← Zurück zum Shop",
    "Back to the shop": "Zurück zum Shop",
    "Save a card for later": "Karte für später speichern",
    "You won’t be charged now.": "Es wird jetzt nichts abgebucht.",
    "to pay now": "jetzt zu zahlen",
    "{days} day free": "{days} Tag kostenlos",
    "{days} days free": "{days} Tage kostenlos",
    "{free}, then {amount} {each} from {day}": "{free}, danach {amount} {each} ab dem {day}",
    "Then {amount} {each} from {day}": "Danach {amount} {each} ab dem {day}",
    "{amount} {each}": "{amount} {each}",
    "per day": "am Tag",
    "per week": "in der Woche",
    "per month": "im Monat",
    "per year": "im Jahr",
    "every day": "am Tag",
    "every week": "in der Woche",
    "every month": "im Monat",
    "every year": "im Jahr",
    "every {count} days": "alle {count} Tage",
    "every {count} weeks": "alle {count} Wochen",
    "every {count} months": "alle {count} Monate",
    "every {count} years": "alle {count} Jahre",
    "Discount": "Rabatt",
    "Total due today": "Heute zu zahlen",
    "Promotion code": "Aktionscode",
    "Apply": "Einlösen",
    "Payment": "Zahlung",
    "E-mail": "E-Mail",
    "Paying as": "Sie zahlen als",
    "Card": "Karte",
    "Card number": "Kartennummer",
    "Expiry (month / year)": "Gültig bis (Monat / Jahr)",
    "Security code": "Prüfnummer",
    "Name on card": "Name auf der Karte",
    "Or use a test card": "Oder mit einer Testkarte",
    "Save card": "Karte speichern",
    "Start trial": "Probezeit beginnen",
    "Subscribe": "Abonnieren",
    "Pay and subscribe": "Zahlen und abonnieren",
    "Pay": "Zahlen",
    "Enter an e-mail address, such as maya@example.com.": "Geben Sie eine E-Mail-Adresse ein, zum Beispiel "
    "maya@example.com.",
    "Only the test cards listed here are accepted.": "Hier gelten nur die aufgeführten Testkarten.",
    "Enter the month and year, such as 12 / 34.": "Geben Sie Monat und Jahr ein, zum Beispiel 12 / 34.",
    "Your card's expiry date is in the past.": "Ihre Karte ist abgelaufen.",
    "Enter the three- or four-digit security code.": "Geben Sie die drei- oder vierstellige Prüfnummer ein.",
    "Payment succeeds": "Zahlung gelingt",
    "Declined": "Abgelehnt",
    "Declined: insufficient funds": "Abgelehnt: nicht genug Guthaben",
    "Declined: expired card": "Abgelehnt: Karte abgelaufen",
    "Can be saved, then fails": "Lässt sich speichern, wird dann abgelehnt",
    "3-D Secure once": "3-D Secure, einmal",
    "3-D Secure every time": "3-D Secure, jedes Mal",
    "Paid, then disputed": "Bezahlt, dann zurückgebucht",
    "Paid; a refund later fails": "Bezahlt; eine Erstattung scheitert später",
    "Paid; its issuer warns of fraud": "Bezahlt; die Bank warnt vor Betrug",
    "Bank debit: succeeds after 3 days": "Lastschrift: gelingt nach 3 Tagen",
    "Bank debit: fails after 3 days": "Lastschrift: scheitert nach 3 Tagen",
    "Your card was declined.": "Ihre Karte wurde abgelehnt.",
    "Your card has insufficient funds.": "Ihre Karte hat nicht genug Guthaben.",
    "Your card has expired.": "Ihre Karte ist abgelaufen.",
    "The bank refused the debit.": "Die Bank hat die Lastschrift abgelehnt.",
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.": (
        "Ihre Zahlungsart konnte nicht bestätigt werden. Bitte wählen Sie eine andere und versuchen Sie es noch einmal."
    ),
    "Your card was declined. This transaction requires authentication.": "Ihre Karte wurde abgelehnt. Diese Zahlung "
    "muss bestätigt werden.",
    "Bank authentication": "Bestätigung durch die Bank",
    "Confirm it’s you": "Bestätigen Sie, dass Sie es sind",
    "This is where your bank would ask for a code or your fingerprint before it lets the card be saved.": "Hier würde "
    "Ihre Bank nach einem Code oder Ihrem Fingerabdruck fragen, bevor die Karte gespeichert wird.",
    "This is where your bank would ask for a code or your fingerprint before it lets {amount} be paid.": "Hier würde "
    "Ihre Bank nach einem Code oder Ihrem Fingerabdruck fragen, bevor {amount} bezahlt werden.",
    "Approve": "Zustimmen",
    "Decline": "Ablehnen",
    "Paid": "Bezahlt",
    "Closed": "Geschlossen",
    "This payment is complete": "Diese Zahlung ist abgeschlossen",
    "There is nothing more to pay here.": "Hier ist nichts mehr zu zahlen.",
    "This payment page has expired": "Diese Zahlungsseite ist abgelaufen",
    "It was open for a limited time. You have not been charged. Please start again from the shop.": "Sie war nur "
    "eine begrenzte Zeit offen. Es wurde nichts abgebucht. Bitte beginnen Sie noch einmal im Shop.",
}


@dataclass(frozen=True)
class PageLanguage:
    """What the templates call. `words` gives back what has no translation."""

    tag: str = ENGLISH

    def words(self, english: str, **values: Any) -> str:
        said = GERMAN.get(english, english) if self.tag == "de" else english
        return said.format(**values) if values else said

    def money(self, amount: int, currency: str) -> str:
        if self.tag == ENGLISH:
            return amounts.in_words(amount, currency)
        whole = amount if currency in amounts.WITHOUT_DECIMALS else Decimal(amount) / 100
        return str(format_currency(whole, currency.upper(), locale=self.tag))

    def day(self, seconds: int) -> str:
        at: datetime = as_instant(seconds)
        return str(format_date(at, "long", locale=self.tag)) if self.tag != ENGLISH else at.strftime("%-d %B %Y")

    def free(self, days: int) -> str:
        return self.words("{days} day free" if days == 1 else "{days} days free", days=days)

    def each(self, interval: str, count: int, *, word: str = "per") -> str:
        return (
            self.words(f"{word} {interval}") if count == 1 else self.words(f"every {{count}} {interval}s", count=count)
        )

    @property
    def fields(self) -> dict[str, str | Callable[..., str]]:
        return {
            "lang": self.tag, "t": self.words, "in_money": self.money, "on_day": self.day, "free": self.free,
            "each": self.each,
        }  # fmt: skip


def of(locale: str | None) -> PageLanguage:
    """Of what the shop asked for: "de", "en-GB"."""
    return PageLanguage("de" if (locale or "").partition("-")[0] == "de" else ENGLISH)
