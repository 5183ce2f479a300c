"""What staff read of an experiment before it starts: how large a difference, how long it takes, what it cannot tell."""

from dataclasses import replace
from uuid import uuid4

from components.experiments import experiment_checks
from components.experiments.confidence_sequences import ArmSum, SequenceInterval
from components.experiments.experiment_checks import ArmDraft, ExperimentDraft
from components.experiments.experiment_results import ArmResult, ExperimentResults
from components.experiments.experiment_traffic import ShopTraffic
from web.staff.experiments import experiment_length_words, experiment_words

PRICE = ExperimentDraft(
    name="Cheaper", kind="price", plan=uuid4(), base=3492, least=700,
    arms=(ArmDraft("Ordinary", 50), ArmDraft("Cheaper", 50, 3000)),
)  # fmt: skip


def said(draft: ExperimentDraft, people: int) -> str:
    return experiment_length_words.needed(draft, ShopTraffic(people, people // 3))


def test_the_difference_is_named_and_years_are_years() -> None:
    few = said(PRICE, 63)
    assert "a difference of 7 of a hundred is found four times in five" in few
    assert "this shop would need about 7 years. In 3 months you would see nothing: too few people come" in few
    assert "In 3 months you would see only a difference of" in said(PRICE, 200)
    assert "this shop would need" in said(PRICE, 600) and "months." in said(PRICE, 600)
    money = replace(PRICE, figure="money", spread=6000, least=250)
    assert "a difference of £2.50 a person is found" in said(money, 600)


def test_a_lower_price_decided_by_joins_says_what_that_does_not_tell() -> None:
    warned = "At a lower price more people nearly always join, even where the shop earns less"
    assert said(PRICE, 600).startswith(warned)
    assert warned not in said(replace(PRICE, kind="words"), 600)
    assert warned not in said(replace(PRICE, figure="money", spread=6000, least=250), 600)


def test_in_three_months_the_difference_that_would_be_seen_is_one_that_is_found() -> None:
    seen = experiment_checks.visible(PRICE, 300)
    assert seen is not None and experiment_checks.planned(replace(PRICE, least=seen)) <= 300
    assert experiment_checks.planned(replace(PRICE, least=seen - 100)) > 300
    assert experiment_checks.visible(PRICE, 150) is None, "each arm takes a hundred people"
    assert "In 3 months you would see nothing" in said(PRICE, 20)
    money = replace(PRICE, figure="money", spread=6000, least=250)
    assert "In 3 months you would see only a difference of £" in said(money, 300)


def test_nobody_waits_half_a_year_or_for_ever() -> None:
    assert experiment_length_words.is_hopeless(PRICE, ShopTraffic(63, 22))
    assert experiment_length_words.is_hopeless(PRICE, ShopTraffic(0, 0))
    assert not experiment_length_words.is_hopeless(PRICE, ShopTraffic(6_000, 2_000))
    assert not experiment_length_words.is_hopeless(PRICE, None), "nothing is known of the segment"


def test_a_better_benefit_is_warned_of_like_a_lower_price() -> None:
    assert said(replace(PRICE, kind="benefits"), 600).startswith("For a better benefit more people nearly always join")


def test_what_is_known_of_today_says_whom_it_counts() -> None:
    words = experiment_length_words.known_base("price", ShopTraffic(63, 22))
    assert words.startswith("Of 63 people with an account who ordered or joined in the last 56 days, 34.9 of a hundred")
    assert "so enter fewer" in words and experiment_length_words.known_base("price", ShopTraffic(0, 0)) == ""


def test_who_is_told_to_stop_reads_which_size_would_have_shown() -> None:
    sums = ArmSum(1_200, 360, 360)
    arms = (
        ArmResult(0, "Ordinary", 1_200, sums, None),
        ArmResult(1, "Cheaper", 1_200, sums, SequenceInterval(-0.123, -0.048, 0.027)),
    )
    found = ExperimentResults("joined", True, arms, (), (), False)
    words = experiment_words.sentence(found, planned=2_400, least=700, is_over=False)
    assert "A difference of 7 in 100, the size you wanted to know, would have shown" in words
    assert "anything in the brackets is still possible" in words
    by_money = replace(found, figure="money", is_share=False)
    assert "A difference of £2.50 a person, the" in experiment_words.sentence(
        by_money, planned=2_400, least=250, is_over=False
    )
