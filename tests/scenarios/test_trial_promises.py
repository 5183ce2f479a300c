"""What is promised about the e-mail before a trial ends is kept, whatever card it is: networks ask for it earlier."""

from datetime import datetime, timedelta

from components.foundation import database
from components.messaging.notices import notice_emails
from tests.scenarios.test_plans import trying
from tests.support import join_members, people
from tests.support.shops import Shop


async def test_the_day_is_not_promised_that_a_card_network_moves(shop: Shop, at: datetime) -> None:
    plan = await trying()
    page = await shop.browser().get("/join/monthly")
    assert "We’ll e-mail you before it’s charged." in page.words and "three days" not in page.words
    await join_members.joins(shop, plan)
    begun = await people.letter("trial_started")
    assert "We'll e-mail you before that." in begun and "three days" not in begun
    await join_members.until(shop, at + timedelta(days=7))
    await notice_emails.send_trial_notices()
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'trial_ending'") == 1
