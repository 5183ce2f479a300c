"""What came of a campaign to members: who stayed, and who took a cancellation back; and what was only written."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from components.campaigns import campaign_progress, campaign_results, campaigns
from components.campaigns.campaign_results import CampaignSide, Results
from components.campaigns.difference_intervals import of_shares
from components.foundation import clock, database, ids
from components.memberships.billing.states import cancel_attempts
from components.memberships.billing.tables import CancelAttempt
from components.memberships.facts import CancellationWithdrawn
from tests.components.campaigns import made, walked
from tests.components.campaigns.made import DRAFT
from web.staff.campaigns import result_words


async def leaves(name: str, *, taken_back: timedelta | None = None, ends: timedelta = timedelta(days=40)) -> UUID:
    """A member who cancelled two days ago, and took it back so long after now."""
    person, now = await walked.reader(name), clock.now()
    subscription = await walked.subscribes(person, renews=now + ends)
    until = None if taken_back else now + ends
    await walked.belongs(
        person, since=now - timedelta(days=90), until=until, source="subscription", source_id=subscription
    )
    await database.execute("UPDATE subscription SET cancel_at = $2 WHERE id = $1", subscription, until)
    attempt = CancelAttempt(id=ids.new(), subscription=subscription, person=person, at=now - timedelta(days=2))
    attempt.withdrawn_at = now + taken_back if taken_back else None
    await CancelAttempt.insert(attempt)
    return person


async def test_who_stayed_and_who_took_a_cancellation_back_are_counted_in_the_days_of_the_campaign(db: None) -> None:
    owner = await made.owner()
    await leaves("stays", taken_back=timedelta(days=3))
    await leaves("late", taken_back=timedelta(days=15))
    await leaves("goes", ends=timedelta(days=5))
    await leaves("undone", taken_back=timedelta(days=-1))
    await walked.member("gift")
    await walked.reader("nobody")
    campaign = await made.scheduled(DRAFT, by=owner)
    await made.tick()
    clock.set_everywhere(clock.now() + timedelta(days=20))
    found = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert found is not None
    ours = found.written
    assert (ours.people, ours.members, ours.stayed, ours.leaving, ours.came_back) == (6, 4, 3, 3, 1)
    told = {row.label: row.written for row in result_words.rows(found)}
    assert told["Still members, of those who were"] == "3 of 4 (75.0%)"
    assert told["Took their cancellation back, of those who had cancelled"] == "1 of 3 (33.3%)"


async def test_of_cancellations_taken_back_before_that_was_kept_only_the_newest_stands(db: None) -> None:
    owner = await made.owner()
    person = await leaves("again")
    of = await database.fetch_value("SELECT subscription FROM cancel_attempt WHERE person = $1", person)
    now = clock.now()
    await CancelAttempt.insert(CancelAttempt(id=ids.new(), subscription=of, person=person, at=now + timedelta(days=5)))
    campaign = await made.scheduled(DRAFT, by=owner)
    await made.tick()
    clock.set_everywhere(now + timedelta(days=20))
    found = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert found is not None and (found.written.members, found.written.leaving) == (1, 0), "cancelled after it began"


async def test_a_cancellation_taken_back_at_stripe_is_taken_back_then(db: None) -> None:
    owner, now = await made.owner(), clock.now()
    person = await leaves("stripe")
    campaign = await made.scheduled(DRAFT, by=owner)
    await made.tick()
    of = await database.fetch_value("SELECT subscription FROM cancel_attempt WHERE person = $1", person)
    await database.execute("UPDATE subscription SET cancel_at = NULL WHERE id = $1", of)
    fact = CancellationWithdrawn(of, ids.new(), now + timedelta(days=3))
    for _ in range(2):
        await cancel_attempts.taken_back(fact)
    clock.set_everywhere(now + timedelta(days=20))
    found = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert found is not None and (found.written.leaving, found.written.came_back) == (1, 1)


async def test_results_are_worked_out_for_the_last_time_a_day_after_they_are_over(db: None) -> None:
    owner, now = await made.owner(), clock.now()
    person = await leaves("stays", taken_back=timedelta(days=3))
    campaign = await made.scheduled(DRAFT, by=owner)
    await made.tick()
    clock.set_everywhere(now + timedelta(days=14, hours=1))
    first = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert not (await campaigns.by_id(campaign.id)).came_of, "what is late may arrive yet"
    clock.set_everywhere(now + timedelta(days=15, hours=1))
    kept = await campaign_results.results(await campaigns.by_id(campaign.id))
    assert (await campaigns.by_id(campaign.id)).came_of
    await database.execute("UPDATE membership SET ends_at = starts_at + interval '1 day' WHERE holder = $1", person)
    assert first == kept == await campaign_results.results(await campaigns.by_id(campaign.id))


def test_nothing_is_said_of_members_where_there_were_none() -> None:
    found = Results(CampaignSide(5), CampaignSide(5), clock.now(), True, None, None, None)
    assert not [row for row in result_words.rows(found) if "members" in row.label or "cancellation" in row.label]


def test_the_sentence_speaks_of_staying_too() -> None:
    none, more = of_shares(0, 200, 0, 200), of_shares(190, 200, 120, 200)
    sides = CampaignSide(200, members=200, stayed=190), CampaignSide(200, members=200, stayed=120)
    found = Results(*sides, clock.now(), True, none, none, None, staying=more)
    assert "more members stayed" in result_words.sentence(found)


async def test_what_was_never_sent_is_called_written(db: None) -> None:
    owner = await made.owner()
    await made.agreed(3)
    campaign = await made.scheduled(replace(DRAFT, holdout=0), by=owner)
    await made.tick()
    await database.execute("UPDATE campaign SET state = 'sent', ended_at = started_at")
    assert await campaign_progress.only_written([campaign.id]) == {campaign.id}
    await database.execute("UPDATE email SET sent_at = created_at WHERE recipient = 'guest1@kiln.test'")
    assert await campaign_progress.only_written([campaign.id]) == frozenset()
