"""Every kind of rule says in a sentence whom it is true of, in English and in German."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from components.foundation.languages import language
from components.segments import rule_registry, segments
from components.segments.rule_fields import RuleChoice

pytestmark = pytest.mark.usefixtures("db")

ENGLISH = [
    ({"kind": "orders", "is": "at_least", "number": 1}, "have placed at least 1 order in all"),
    ({"kind": "orders", "is": "at_most", "number": 2, "days": 1}, "have placed at most 2 orders in the last day"),
    ({"kind": "orders", "is": "at_most", "number": 0, "days": 90}, "have placed no order in the last 90 days"),
    ({"kind": "spent", "is": "at_least", "amount": 10000, "days": 365},
     "have spent at least £100.00 in the last 365 days, refunds taken off"),
    ({"kind": "spent", "is": "less_than", "amount": 1}, "have spent less than £0.01 in all, refunds taken off"),
    ({"kind": "last_order", "is": "within", "days": 1}, "last ordered within a day"),
    ({"kind": "last_order", "is": "before", "days": 60}, "have ordered, but not in the last 60 days"),
    ({"kind": "product", "is": "no", "product": str(UUID(int=1))}, "have never bought “(no longer there)”"),
    ({"kind": "collection", "is": "no", "collection": str(UUID(int=1)), "days": 7},
     "have not bought anything from “(no longer there)” in the last 7 days"),
    ({"kind": "product_type", "is": "yes", "type": "Mug"}, "have bought a product of the type “Mug” at any time"),
    ({"kind": "plan", "is": "yes", "plan": "*"}, "are members"),
    ({"kind": "plan", "is": "no", "plan": "gone"}, "do not hold the plan “(no longer there)”"),
    ({"kind": "membership_state", "is": "no", "state": "paused"},
     "are not among those who have paused their membership"),
    ({"kind": "member_for", "is": "at_least", "days": 365}, "have been members for at least 365 days"),
    ({"kind": "joined_by", "is": "no", "way": "gift"}, "have never been given a membership as a gift"),
    ({"kind": "benefit_used", "is": "no", "benefit": "*", "days": 60}, "have used no benefit in the last 60 days"),
    ({"kind": "store_credit", "is": "at_least", "amount": 500}, "have store credit of at least £5.00"),
    ({"kind": "at_risk", "is": "yes", "risk": "*"}, "are members who may be leaving"),
    ({"kind": "customer_for", "is": "less_than", "days": 30}, "have had an account for less than 30 days"),
    ({"kind": "tag", "is": "yes", "tag": "press"}, "are tagged “press”"),
    ({"kind": "country", "is": "yes", "country": "DE"}, "have their address in this country: Germany"),
    ({"kind": "language", "is": "yes", "language": "en"}, "use the shop in this language: English"),
    ({"kind": "account", "is": "no"}, "have an account that they have never used"),
    ({"kind": "agreed", "is": "yes", "emails": "news"}, "have agreed to the e-mails “News and offers”"),
    ({"kind": "viewed_product", "is": "no", "product": str(UUID(int=1))},
     "are known never to have looked at “(no longer there)”"),
    ({"kind": "viewed_collection", "is": "no", "collection": str(UUID(int=1)), "days": 7},
     "are known not to have looked at the collection “(no longer there)” in the last 7 days"),
    ({"kind": "viewed_article", "is": "yes", "article": "/journal/Clay/", "days": 30},
     "have looked at the article “clay” in the last 30 days"),
    ({"kind": "searched", "is": "yes", "words": " Red  MUG "}, "have searched for “red mug” at any time"),
    ({"kind": "birthday", "is": "yes", "month": "4"}, "have their birthday in April"),
    ({"kind": "at_risk", "is": "yes", "risk": "ending"}, "are members who have cancelled or owe a payment"),
    ({"kind": "at_risk", "is": "no", "risk": "ending"}, "are not members who have cancelled or owe a payment"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "words"), ENGLISH)
def test_a_rule_says_whom_it_is_true_of(rule: dict[str, Any], words: str) -> None:
    alone = words.removeprefix("are members who ") if rule["kind"] == "at_risk" and rule["is"] == "yes" else ""
    whole = f"Members who {alone}." if alone else f"Customers who {words}."
    assert segments.sentence({"match": "all", "parts": [rule]}) == whole
    assert segments.sentence({"match": "none", "parts": [rule]}) == f"All customers except those who {words}."


def test_every_kind_is_said() -> None:
    assert {rule["kind"] for rule, _ in ENGLISH} == set(rule_registry.all_kinds())


def every_choice() -> Iterator[dict[str, Any]]:
    """Each kind with each of its choices, with days and without where it may be without."""
    for kind in rule_registry.all_kinds().values():
        plain: dict[str, Any] = {one.name: PLAIN.get(one.form, str(UUID(int=7))) for one in kind.fields}
        chosen = [one for one in kind.fields if isinstance(one, RuleChoice) and one.options()]
        plain |= {one.name: one.options()[0][0] for one in chosen}
        spans = [(30, None, 1) if one.is_optional else (30, 1) for one in kind.fields if one.name == "days"]
        for one in chosen:
            for value, _ in one.options():
                for days in spans[0] if spans else ():
                    yield {"kind": kind.key, **plain, one.name: value, "days": days}
                if not spans:
                    yield {"kind": kind.key, **plain, one.name: value}


PLAIN = {"number": 3, "amount": 250}


def test_every_choice_has_a_sentence_of_its_own_in_german() -> None:
    """Whoever reads it knows yes from no; and nothing of it is left in English."""
    seen: dict[str, dict[str, Any]] = {}
    for rule in every_choice():
        rules = {"match": "all", "parts": [rule]}
        with language.speaking("de"):
            german = segments.sentence(rules)
        begins = ("Kundinnen und Kunden, die ", *(("Mitglieder, die ",) if rule["kind"] == "at_risk" else ()))
        assert german.startswith(begins) and " have " not in german and " are " not in german
        assert seen.setdefault(german, rule) == rule, german
    assert len(seen) > 150


def test_groups_in_sentences() -> None:
    tag, used = ENGLISH[19][0], ENGLISH[22][0]
    any_of = {"match": "any", "parts": [tag, used]}
    rules = {"match": "all", "parts": [tag, any_of, {"match": "none", "parts": [used]}]}
    assert segments.sentence(rules) == (
        "Customers who are tagged “press”, (are tagged “press” or have an account that they have never used) and are "
        "not among those who (have an account that they have never used)."
    )
    assert segments.sentence({"match": "none", "parts": [tag]}) == "All customers except those who are tagged “press”."
