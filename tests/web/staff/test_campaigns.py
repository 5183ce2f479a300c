"""Campaigns in the staff area, as staff use them; what a customer's page says; and the rules."""

import re
from datetime import timedelta

from components.campaigns import campaign_delivery, campaign_email, campaign_sending, campaigns
from components.consents import consents, mailing_rules, unreachable
from components.foundation import clock, database, ids, jobs
from components.segments import segment_editing
from tests.components.campaigns import made
from tests.components.campaigns.made import BODY
from tests.support import people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.staff.test_segments import NO_ORDER

LIST = "/staff/campaigns"
TYPED = {"name": "Spring", "subject": "News for {name}", "body": BODY, "link": "/products", "holdout": "0"}


async def staff(shop: Shop, *permissions: str) -> Browser:
    await people.owner()
    person = await people.staff("sam@kiln.test", permissions)
    return await shop.signed_in(person.email)


async def send_now(sam: Browser, page: Page) -> Page:
    """From the campaign's page, by way of the question."""
    return await sam.submit(await sam.get(f"{page.path}/sending"), f"{page.path}/sending")


async def test_nothing_goes_out_without_a_time_or_a_question_that_names_how_many(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    await made.agreed(40)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED | {"holdout": "50"})
    there = page.path
    for at, words in (("", "Choose a date for “Send at”."), ("2020-01-01T10:00", "That is past.")):
        refused = await sam.submit(page, f"{there}/schedule", at=at)
        assert refused.status == 422 and words in refused.words
    (button,) = re.findall(r"Send now to (\d+) people", page.words)
    asked = await sam.get(f"{there}/sending")
    assert asked.heading == f"Send it now to {button} people?" and "No mail server is set up" in asked.words
    assert f"Held back to compare {40 - int(button)}, who get nothing" in asked.words
    assert await database.fetch_value("SELECT state FROM campaign") == "draft", "looking sends nothing"
    await sam.submit(await sam.get(f"{there}/edit"), there, name="Other words")
    late = await sam.submit(asked, f"{there}/sending")
    assert late.status == 409 and "Someone else changed this campaign meanwhile" in late.words
    await send_now(sam, page)
    await made.tick()
    assert len(await made.written()) == int(button), "as many as the button said"
    assert (await sam.get(f"{there}/sending")).status == 409


async def test_whoever_has_no_name_reads_other_words_and_the_preview_shows_them(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    bare = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED | {"subject": "{name}, come"}, look="1")
    assert "Where no name is known: , come" in bare.words
    typed = TYPED | {"subject": "{first name, otherwise Friend}, come", "body": "Hello {first name, otherwise you}!"}
    page = await sam.submit(bare, LIST, **typed, look="1")
    assert "Where no name is known: Friend, come" in page.words
    page = await sam.submit(page, LIST, **typed)
    willa = await people.customer("willa@kiln.test", name="Willa Penn")
    await consents.agree(willa.email, ("news",), how="own page", person_id=willa.id)
    await made.agreed(1)
    await send_now(sam, page)
    await made.tick()
    rows = await database.fetch_rows("SELECT subject, text FROM email WHERE template = 'campaign' ORDER BY subject")
    assert [subject for subject, _ in rows] == ["Friend, come", "Willa, come"]
    assert "Hello you!" in rows[0][1] and "Hello Willa!" in rows[1][1]
    wrong = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED | {"subject": "{surname, otherwise x}"})
    assert wrong.status == 422 and "There is no placeholder {surname}" in wrong.words


def test_a_first_name_is_the_first_word_unless_that_is_an_initial_a_title_or_a_family_name() -> None:
    names = {"Willa Penn": "Willa", " Cher ": "Cher", "": "", "Dr. Penn": "Dr. Penn", "Penn, Willa": "Penn, Willa"}
    assert {name: campaign_email.first_name(name) for name in names} == names


async def test_it_says_why_others_of_the_segment_do_not_get_it(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    for number, (name, kinds) in enumerate((("a", ("news",)), ("b", ("news",)), ("c", ("tips",)), ("d", ()))):
        person = await people.customer(f"{name}{number}@kiln.test")
        await consents.agree(person.email, kinds, how="own page", person_id=person.id)
        if name == "b":
            await unreachable.bounced(person.email, "550 no such user")
    segment = await segment_editing.create("Quiet", NO_ORDER)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED | {"segment": str(segment)})
    assert "Would get it now 1 person" in page.words and "e-mails to them come back 1" in page.words
    known = int(re.findall(r"In the segment now (\d+)", page.words)[0])
    assert f"have not agreed to “News and offers” {known - 2}" in page.words and known >= 4


async def test_a_campaign_is_written_looked_at_tested_scheduled_and_sent(shop: Shop) -> None:
    sam = await staff(shop, "campaigns", "members")
    noor = await people.customer(name="Noor Example")
    await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED, look="1")
    assert page.status == 200 and "News for A. Customer" in page.words and "42.50" in page.text
    assert page.text.count('formaction="/staff/campaigns#looks"') == 2 and 'id="looks"' in page.text
    page = await sam.submit(page, LIST, seen_by=noor.email, look="1")
    assert "News for Noor Example" in page.words
    seen = await database.fetch_value(
        "SELECT count(*) FROM audit_entry WHERE what = 'campaign previewed as a customer'"
    )
    assert seen == 1
    page = await sam.submit(page, LIST, seen_by="", test="1")
    assert "test to sam@kiln.test was only kept under E-mails" in page.words
    page = await sam.submit(page, LIST)
    assert page.heading == "Spring" and "1 person" in page.words and "Draft" in page.words
    there = page.path
    page = await send_now(sam, page)
    assert page.path == there and "It begins within a minute." in page.alerts()
    await made.tick()
    page = await sam.get(page.path)
    assert (
        "Spring Written" in page.words
        and "1 of 1" in page.words
        and "Nothing was sent, so there is nothing to compare." in page.words
        and "Everybody was sent it" not in page.words
        and "Value for each person" not in page.words
        and "Of those it was sent to" not in page.words
    )
    assert await made.written() == [noor.email]
    assert "1 written, none sent: no mail server is set up." in page.words
    assert "Of the written, handed over to the mail server 0" in page.words
    listed = await sam.get(LIST)
    assert "Spring" in listed.words


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    new = await sam.get(f"{LIST}/new")
    for typed, words in (
        ({"subject": "{surname}"}, "There is no placeholder {surname}"),
        ({"body": "<b>x</b>"}, "Write Markdown instead of HTML"),
        ({"link": "https://else.example"}, "begins with “/”"),
        ({"link": "//else.example"}, "begins with “/”"),
        ({"holdout": "51"}, "0 to 50"),
        ({"per_minute": "0"}, "1 to 10000"),
        ({"preheader": "{if x}"}, "There is no placeholder"),
        ({"segment": "not-one"}, ""),
        ({"name": ""}, "“Name” is required."),
    ):
        page = await sam.submit(new, LIST, **TYPED | typed)
        assert page.status == 422 and words in page.words, typed
        assert page.form(LIST).given["body"] == typed.get("body", BODY).strip()
    assert not await database.fetch_value("SELECT EXISTS (SELECT FROM campaign)")


async def test_without_the_permission_members_nobody_is_looked_at(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    noor = await people.customer(name="Noor Example")
    new = await sam.get(f"{LIST}/new")
    assert "Preview as this customer" not in new.words
    for given in ({"seen_by": noor.email, "look": "1"}, {"seen_by": "noor", "look": "1"}, {"seen_as": noor.email}):
        page = await sam.post(LIST, {**new.form(LIST).given, **TYPED, **given})
        assert "Noor Example" not in page.text


async def test_a_customer_to_preview_as_is_found_by_a_part_of_their_name_or_e_mail(shop: Shop) -> None:
    sam = await staff(shop, "campaigns", "members")
    await people.customer("noor@kiln.test", name="Noor Haddad")
    await people.customer("nora@kiln.test", name="Nora Penn")
    new = await sam.get(f"{LIST}/new")
    page = await sam.submit(new, LIST, **TYPED, seen_by="penn", look="1")
    assert "News for Nora Penn" in page.words
    page = await sam.submit(new, LIST, **TYPED, seen_by="NOOR@", look="1")
    assert "News for Noor Haddad" in page.words
    page = await sam.submit(new, LIST, **TYPED, seen_by="no", look="1")
    assert page.status == 200 and "Several customers fit" in page.words and "News for No" not in page.words
    assert "Noor Haddad (noor@kiln.test)" in page.words and "Nora Penn (nora@kiln.test)" in page.words
    page = await sam.submit(page, LIST, seen_as="nora@kiln.test")
    assert "News for Nora Penn" in page.words and page.form(LIST).given["seen_by"] == "nora@kiln.test"
    assert not await database.fetch_value("SELECT EXISTS (SELECT FROM campaign)")
    page = await sam.submit(new, LIST, **TYPED, seen_by="nobody at all", test="1")
    assert page.status == 422 and "No customer has this name or e-mail." in page.words
    page = await sam.submit(new, LIST, **TYPED, seen_by="no", test="1")
    assert "test to" not in page.words


async def test_the_list_of_segments_begins_with_everybody_and_has_no_empty_line(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    page = await sam.get(f"{LIST}/new")
    lines = re.findall(r'<option value=""[^>]*>([^<]*)</option>', page.text)
    assert lines == ["Everybody who agreed"]


async def test_buttons_do_what_they_say_and_late_ones_are_told(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    await made.agreed(30)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED | {"per_minute": "10"})
    there = page.path
    late = await sam.post(f"{there}/stop")
    assert "This campaign is draft now. Nothing was changed." in late.alerts()
    edit = await sam.get(f"{there}/edit")
    page = await send_now(sam, page)
    page = await sam.submit(page, f"{there}/unschedule")
    assert "It is a draft again." in page.alerts()
    at = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    page = await sam.submit(page, f"{there}/schedule", at=at)
    assert (await sam.submit(edit, there, name="Late")).status == 409
    assert (await sam.get(f"{there}/edit")).status == 409
    clock.set_everywhere(clock.now() + timedelta(days=1, minutes=1))
    await made.tick()
    page = await sam.get(there)
    assert "10 of 30" in page.words and "Sending" in page.words
    page = await sam.submit(page, f"{there}/stop")
    await made.minutes(2)
    assert "10 of 30" in (await sam.get(there)).words
    page = await sam.submit(await sam.get(there), f"{there}/resume")
    await made.minutes(1)
    assert "20 of 30" in (await sam.get(there)).words
    await sam.submit(await sam.get(there), f"{there}/stop")
    page = await sam.submit(await sam.get(there), f"{there}/close")
    assert "Written" in page.words and "Sent" not in page.words and "10" in page.words
    copied = await sam.submit(page, f"{there}/copy")
    its = copied.path.removesuffix("/edit")
    assert copied.heading == "Edit campaign" and "Spring (copy)" in str(copied.form(its).given)
    gone = await sam.submit(await sam.get(its), f"{its}/deletion")
    assert gone.path == LIST and "Draft deleted." in gone.alerts()
    assert (await sam.get(copied.path)).status == 404
    assert len(await made.written()) == 20
    await campaign_sending.start_due()


async def test_the_rules_are_the_settings_of_the_shop(shop: Shop) -> None:
    sam = await staff(shop, "campaigns", "settings")
    page = await sam.get(f"{LIST}/rules")
    assert "ticking the box is enough" in page.words and "/hooks/mail/" not in page.text
    assert (await sam.submit(page, f"{LIST}/rules", most="0")).status == 422
    assert (await sam.submit(page, f"{LIST}/rules", keep_months="61")).status == 422
    page = await sam.submit(
        page, f"{LIST}/rules", most="3", days="30", confirms="always", is_hook_open="on", keep_months="6"
    )
    assert "asked by e-mail first" in page.words and "http://shop.test/hooks/mail/" in page.words
    before = await mailing_rules.current()
    assert (before.most, before.days, before.asks_twice, before.is_hook_open) == (3, 30, True, True)
    assert before.keep_months == 6
    page = await sam.submit(page, f"{LIST}/rules", renew="1")
    assert (await mailing_rules.current()).hook_number == 2


async def test_a_customers_page_says_what_they_agreed_to_and_staff_note_what_they_say(shop: Shop) -> None:
    sam = await staff(shop, "members")
    noor = await people.customer()
    there = f"/staff/members/{noor.id}/consents"
    assert there in (await sam.get(f"/staff/members/{noor.id}")).links()
    page = await sam.get(there)
    page = await sam.submit(page, there, kind="news", said="given", reason="In the shop, on paper")
    assert "Agreed" in page.words and "noted by staff, Sam" in page.words and "In the shop, on paper" in page.words
    assert (await sam.submit(page, there, said="given", reason="")).status == 422
    await unreachable.bounced(noor.email, "550 no such user")
    page = await sam.get(there)
    assert "E-mails came back" in page.words and "550 no such user" in page.words
    page = await sam.submit(page, f"{there}/reachable")
    assert "E-mails came back" not in page.words
    page = await sam.submit(page, there, kind="news", said="withdrawn", reason="On the telephone")
    assert (await consents.standing(noor.email)).agreed == ()


async def test_an_unknown_campaign_is_not_found(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    for path in ("", "/edit"):
        assert (await sam.get(f"{LIST}/01890000-0000-7000-8000-000000000000{path}")).status == 404
    for act in ("", "/schedule", "/stop", "/copy"):
        answer = await sam.post(f"{LIST}/01890000-0000-7000-8000-000000000000{act}", TYPED)
        assert answer.status == 404, act
    assert campaigns.PAGE == 50


async def test_a_campaign_whose_segment_no_longer_holds_can_be_looked_at_and_taken_off_the_schedule(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    segment = await segment_editing.create("Quiet", NO_ORDER)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED | {"segment": str(segment)})
    page = await sam.submit(page, f"{page.path}/schedule", at="2030-01-01T10:00")
    await database.execute("UPDATE segment SET rules = '{}'")
    page = await sam.get(page.path)
    assert page.status == 200 and "The segment’s rules no longer hold. Mend them, or choose another." in page.words
    page = await sam.submit(page, f"{page.path}/unschedule")
    assert "It is a draft again." in page.alerts()


async def test_once_stopped_it_says_how_many_written_ones_wait_and_that_closing_drops_them(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    await made.agreed(3)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED | {"per_minute": "2"})
    page = await send_now(sam, page)
    await made.tick()
    campaign_id = page.path.rsplit("/", 1)[1]
    await jobs.defer_each(campaign_delivery.TASK, "email_id", [str(ids.new()), str(ids.new())], campaign_id=campaign_id)
    page = await sam.get(page.path)
    assert "Of the written, not sent yet 2" in page.words and "wait their turn" in page.words
    page = await sam.submit(page, f"{page.path}/stop")
    assert "Stopped. Nobody else gets it, except whoever was being sent theirs at this moment." in page.alerts()
    assert "waits until you resume; closed for good, it is not sent" in page.words
    page = await sam.submit(page, f"{page.path}/close")
    assert "What was not sent yet when you closed it is being dropped." in page.words


async def test_a_sent_campaign_shows_its_e_mail_and_who_unsubscribed_and_whose_came_back(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    emails = await made.agreed(3)
    page = await sam.submit(await sam.get(f"{LIST}/new"), LIST, **TYPED)
    assert "Plain text" not in page.words
    page = await send_now(sam, page)
    await made.tick()
    await consents.withdraw(emails[0], ("news",), how="unsubscribe")
    await unreachable.bounced(emails[1], "550")
    await database.execute("UPDATE email SET sent_at = created_at WHERE recipient <> $1", emails[2])
    page = await sam.get(page.path)
    assert "Everybody was sent it, so nobody knows" in page.words
    assert "1 of the written were never sent theirs" in page.words
    assert "Subject: News for A. Customer" in page.words and "With made-up values" in page.words
    assert "Unsubscribed 1" in page.words and "E-mails to them came back 1" in page.words
    assert "Reported as spam 0" in page.words
