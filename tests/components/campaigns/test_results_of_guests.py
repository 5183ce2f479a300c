"""Guests who open an account after a campaign, and what is said of a difference in joining alone."""

from datetime import timedelta

import pytest

from components.campaigns import campaign_results, campaigns, difference_intervals
from components.campaigns.campaign_results import CampaignSide, Results
from components.foundation import clock, database
from tests.components.campaigns import made
from tests.components.campaigns.made import DRAFT
from tests.components.campaigns.test_campaign_results import order
from tests.support import people
from web.staff.campaigns import result_words


async def test_an_order_counts_also_once_it_is_claimed_or_placed_with_a_new_account(db: None) -> None:
    owner = await made.owner()
    await made.agreed(4)
    campaign = await made.scheduled(DRAFT, by=owner)
    await made.tick()
    noor = await people.customer()
    await database.execute("UPDATE person SET email = 'guest1@kiln.test' WHERE id = $1", noor.id)
    await order("guest0@kiln.test", 1_000, at=timedelta(days=1))
    await database.execute("UPDATE orders SET person = $1", owner)
    await order("elsewhere@kiln.test", 500, at=timedelta(days=1), person=noor.id)
    found = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert found is not None and (found.written.buyers, found.written.orders, found.written.value) == (2, 2, 1_500)


@pytest.mark.parametrize(("joined", "words"), [(400, "more people joined"), (5, "No clear difference")])
def test_the_sentence_speaks_of_joining_too(joined: int, words: str) -> None:
    ours, theirs = CampaignSide(5_000, 0, 0, 0, 0, joined * 1), CampaignSide(500, 0, 0, 0, 0, 5 if joined == 400 else 1)
    joining = difference_intervals.of_shares(ours.joined, ours.people, theirs.joined, theirs.people)
    buying = difference_intervals.of_shares(0, ours.people, 0, theirs.people)
    found = Results(ours, theirs, clock.now(), True, buying, joining, None)
    assert words in result_words.sentence(found)
