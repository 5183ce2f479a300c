"""Settings, Notices: what the law asks with its sources, and what the shop does about it."""

from components.foundation.consumer_law import law_rules
from components.foundation.shop_settings import setting_rows
from tests.support import people
from tests.support.shops import Shop

HERE = "/staff/settings/notices"


async def test_each_rule_is_shown_with_its_source_the_shops_own_first_and_what_the_shop_does(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    await setting_rows.change({"country": "FR", "renewal_notice_days": "40"}, by=None)
    page = await iris.get(HERE)
    for one in law_rules.all_jurisdictions():
        assert one.name in page.words
        for rule in one.rules:
            assert rule.summary in page.words and rule.source in page.words and rule.url in page.links(), rule.key
            assert rule.from_on or "not in force" in rule.summary.lower(), rule.key
    assert page.words.index("France, where your shop is") < page.words.index("Germany")
    assert "Members there are told 40 days before a yearly renewal." in page.words
    assert "Members who pay with one are told 8 days before a long trial ends." in page.words
    done = await iris.submit(page, HERE, renewal_notices="half_year", trial_notice_days="10")
    assert "who pay with one are told 10 days before a long trial ends." in done.words, "earlier than the rule asks"
