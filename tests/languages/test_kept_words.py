"""Words that are kept longer than a request: in rows, and in the plans as last read."""

from uuid import uuid4

from components.foundation.languages import language
from components.foundation.languages.kept_sentences import KeptSentences
from components.memberships.benefits.kinds import all_kinds
from components.memberships.plans.plan_catalogue import BenefitView
from tests.support.cells import every_cell
from web.account.membership.credit import REASONS
from web.account.membership.plan_changes import STRIPE_LINES


@every_cell(
    ("kept", "in_german"),
    [
        ("Order K-10 was not paid", "Bestellung K-10 wurde nicht bezahlt"),
        ("Order K-10", "Bestellung K-10"),
        ("Reversed: order K-10 was refunded", "Zurückgebucht: Bestellung K-10 wurde erstattet"),
        ("3% back on order K-10", "3% back auf Bestellung K-10"),
        ("Monthly fiver, for 3 May 2027 to 3 June 2027", "Monthly fiver, für 3. Mai 2027 bis 3. Juni 2027"),
        ("Welcome credit, from 31 March 2027", "Welcome credit, ab 31. März 2027"),
        ("Sorry about the broken mug", "Sorry about the broken mug"),
    ],
)
def test_reasons_in_the_ledger_are_said_in_the_language_spoken(kept: str, in_german: str) -> None:
    with language.speaking("de"):
        assert REASONS.said(kept) == in_german
    with language.speaking("en"):
        assert REASONS.said(kept) == kept


def test_lines_of_an_invoice_are_said_in_the_language_spoken() -> None:
    with language.speaking("de"):
        words = STRIPE_LINES.said("Unused time on Club Annual after 03 May 2027")
    assert words == "Nicht genutzte Zeit von Club Annual ab 3. Mai 2027"


def test_a_day_that_is_none_stays_as_it_was_written() -> None:
    with language.speaking("de"):
        assert KeptSentences("From %(day)s").said("From 31 February 2027") == "Ab 31 February 2027"


def test_benefits_of_plans_in_memory_are_said_in_the_language_spoken() -> None:
    free = all_kinds()["free_delivery"]
    kept = BenefitView(uuid4(), free.key, "Free delivery", free.dump(free.read({})), ())
    with language.speaking("de"):
        assert kept.words == "Kostenloser Versand bei jeder Bestellung"
    with language.speaking("en"):
        assert kept.words == "Free delivery on every order"
