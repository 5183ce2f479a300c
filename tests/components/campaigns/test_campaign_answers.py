"""What came back from those who were written to."""

import dataclasses
from datetime import timedelta

from components.campaigns import campaign_answers
from components.campaigns.campaign_answers import Answers
from components.consents import consents, unreachable
from components.foundation import clock
from tests.components.campaigns import made, walked
from tests.components.campaigns.made import DRAFT


async def test_who_unsubscribed_came_back_or_complained_in_the_days_after_of_those_it_was_sent_to(db: None) -> None:
    owner = await made.owner()
    emails = await made.agreed(8)
    await consents.withdraw(emails[7], ("news",), how="unsubscribe")
    campaign = await made.scheduled(dataclasses.replace(DRAFT, per_minute=1000), by=owner)
    await made.tick()
    assert len(await made.written()) == 7
    clock.set_everywhere(clock.now() + timedelta(days=1))
    await consents.withdraw(emails[0], ("news",), how="unsubscribe")
    await consents.withdraw(emails[1], ("news",), how="own page")
    await consents.withdraw(emails[2], ("news",), how="new address")
    await unreachable.bounced(emails[3], "550")
    await unreachable.complained(emails[4], "spam")
    clock.set_everywhere(clock.now() + timedelta(days=13))
    await consents.withdraw(emails[5], ("news",), how="unsubscribe")
    await unreachable.bounced(emails[6], "550")
    assert await campaign_answers.of_campaign(campaign.id, "news") == Answers(2, 1, 1)
    assert await campaign_answers.of_campaign(campaign.id, "tips") == Answers(0, 1, 1)


async def test_of_a_journey_each_counts_once(db: None) -> None:
    one = await walked.running("welcome", walked.EMAIL, walked.wait(hours=1), walked.EMAIL)
    await walked.member("noor")
    await walked.later(minutes=1)
    await walked.later(hours=2)
    assert len(await walked.written()) == 2
    await consents.withdraw("noor@kiln.test", ("news",), how="unsubscribe")
    assert await campaign_answers.of_journey(one.id, "news") == Answers(1, 0, 0)


async def test_of_a_journey_also_after_its_later_e_mails_of_the_last_twelve_months(db: None) -> None:
    one = await walked.running("welcome", walked.EMAIL, walked.wait(days=30), walked.EMAIL)
    for name in ("noor", "theo", "away"):
        await walked.member(name)
    await walked.later(minutes=1)
    clock.set_everywhere(clock.now() + timedelta(days=20))
    await consents.withdraw("theo@kiln.test", ("news",), how="unsubscribe")
    assert await campaign_answers.of_journey(one.id, "news") == Answers(0, 0, 0), "nothing was sent within 14 days"
    await walked.later(days=11)
    assert len(await walked.written()) == 5
    await consents.withdraw("noor@kiln.test", ("news",), how="unsubscribe")
    await unreachable.bounced("away@kiln.test", "550")
    assert await campaign_answers.of_journey(one.id, "news") == Answers(1, 1, 0)
    clock.set_everywhere(clock.now() + timedelta(days=366))
    assert await campaign_answers.of_journey(one.id, "news") == Answers(0, 0, 0)
