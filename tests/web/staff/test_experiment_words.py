"""What staff read of an experiment before it starts: how large a difference, how long it takes, what it cannot tell."""

from dataclasses import replace
from uuid import uuid4

from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.experiments.experiment_traffic import ShopTraffic
from web.staff.experiments import experiment_words

PRICE = ExperimentDraft(
    name="Cheaper", kind="price", plan=uuid4(), base=3492, least=700,
    arms=(ArmDraft("Ordinary", 50), ArmDraft("Cheaper", 50, 3000)),
)  # fmt: skip


def said(draft: ExperimentDraft, people: int) -> str:
    return experiment_words.length(draft, ShopTraffic(people, people // 3))


def test_the_difference_is_named_and_years_are_years() -> None:
    few = said(PRICE, 63)
    assert "a difference of 7 of a hundred is found four times in five" in few
    assert "this shop would need about 7 years. Too long to wait for" in few
    assert "this shop would need" in said(PRICE, 600) and "months." in said(PRICE, 600)
    money = replace(PRICE, figure="money", spread=6000, least=250)
    assert "a difference of £2.50 a person is found" in said(money, 600)


def test_a_lower_price_decided_by_joins_says_what_that_does_not_tell() -> None:
    warned = "At a lower price more people nearly always join, even where the shop earns less"
    assert said(PRICE, 600).startswith(warned)
    assert warned not in said(replace(PRICE, kind="words"), 600)
    assert warned not in said(replace(PRICE, figure="money", spread=6000, least=250), 600)
