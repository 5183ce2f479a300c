"""Journeys in the staff area, as staff use them."""

import re
from datetime import timedelta

import pytest

from components.campaigns.journeys import ready_made
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.foundation import clock, database
from components.segments import segment_editing
from tests.components.campaigns import walked
from tests.support import people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.staff.test_segments import NO_ORDER

LIST = "/staff/journeys"
IN_WORDS = re.compile(r"\]\((/[^)]*)\)")


async def staff(shop: Shop, *permissions: str) -> Browser:
    await people.owner()
    person = await people.staff("sam@kiln.test", permissions)
    return await shop.signed_in(person.email)


async def begun(sam: Browser, entry: str = "welcome") -> Page:
    return await sam.post(LIST, {"entry": entry})


@pytest.mark.parametrize("entry", OCCASIONS)
async def test_each_of_the_six_is_ready_to_be_looked_at_and_started(shop: Shop, entry: str) -> None:
    sam = await staff(shop, "campaigns")
    assert OCCASIONS[entry].title in (await sam.get(LIST)).words
    page = await begun(sam, entry)
    assert page.heading == OCCASIONS[entry].title and "Draft" in page.words
    assert OCCASIONS[entry].goes_out in page.words, "what the shop sends anyway"
    for number, step in enumerate(ready_made.READY[entry], 1):
        assert f"{number}. " in page.words and step.subject in page.words
    for step_path in sorted(link for link in page.links() if "/steps/" in link and "/new/" not in link):
        shown = await sam.get(step_path)
        assert shown.status == 200
    page = await sam.submit(page, f"{page.path}/start")
    assert "Started." in page.alerts() and "Running" in page.words


async def test_every_link_of_those_that_are_ready_leads_somewhere(shop: Shop) -> None:
    reader = await shop.signed_in((await people.customer()).email)
    written = [step for steps in ready_made.READY.values() for step in steps if step.kind == "email"]
    links = {step.link for step in written} | {link for step in written for link in IN_WORDS.findall(step.body)}
    assert "/join" in links
    for link in sorted(links):
        assert (link, (await reader.get(link)).status) == (link, 200)


async def test_a_journey_is_written_step_by_step_and_its_e_mail_looked_at_and_tested(shop: Shop) -> None:
    sam = await staff(shop, "campaigns", "members")
    await people.customer(name="Noor Example")
    page = await begun(sam, "birthday")
    there = page.path
    edit = await sam.get(f"{there}/edit")
    page = await sam.submit(edit, there, name="Comeback", entry="lapsed", days="9", holdout="0")
    assert page.heading == "Comeback" and "9 days after a membership ended" in page.words
    page = await sam.submit(await sam.get(f"{there}/steps/new/wait"), f"{there}/steps/new/wait", days="2", hours="1")
    assert "2. Wait 2 days and 1 hour" in page.words
    new = f"{there}/steps/new/condition"
    page = await sam.submit(await sam.get(new), new, condition="not_member")
    assert "3. Go on only if they are no member" in page.words
    new = f"{there}/steps/new/email"
    typed = {"subject": "Come back, {name}", "body": "[Join]({link})", "link": "/membership"}
    page = await sam.submit(await sam.get(new), new, **typed, look="1")
    assert page.status == 200 and "Come back, A. Customer" in page.words
    page = await sam.submit(page, new, seen_by="noor@kiln.test", look="1")
    assert "Come back, Noor Example" in page.words
    page = await sam.submit(page, new, seen_by="", test="1")
    assert "test to sam@kiln.test was only kept under E-mails" in page.words
    page = await sam.submit(page, new)
    assert "4. E-mail: Come back, {name}" in page.words
    (wait, *_) = [link for link in page.links() if "/steps/" in link and "/new/" not in link][1:]
    page = await sam.submit(page, f"{wait}/up")
    assert "Moved." in page.alerts() and "1. Wait 2 days" in page.words
    page = await sam.submit(page, f"{wait}/down")
    page = await sam.submit(page, f"{wait}/removal")
    assert "Wait 2 days" not in page.words and "3. E-mail: Come back" in page.words
    late = await sam.post(f"{wait}/removal", {"version": "1"})
    assert "Someone else changed this journey meanwhile" in late.alerts()
    (first, *_) = [link for link in page.links() if "/steps/" in link and "/new/" not in link]
    late = await sam.post(f"{first}/removal", {"version": "1"})
    assert "Someone else changed this journey meanwhile" in late.alerts()
    assert "Comeback" in (await sam.get(LIST)).words


async def test_what_is_wrong_is_said_at_its_field(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    there = (await begun(sam, "lapsed")).path
    cases = (
        (f"{there}/edit", there, {"name": ""}, "“Name” is required."),
        (f"{there}/edit", there, {"entry": "renewal", "days": "0"}, "Choose a number from 1 to 90."),
        (f"{there}/edit", there, {"holdout": "51"}, "0 to 50"),
        (f"{there}/steps/new/wait", f"{there}/steps/new/wait", {"days": "0", "hours": "0"}, "at least one hour"),
        (f"{there}/steps/new/wait", f"{there}/steps/new/wait", {"hours": "24"}, "0 to 23"),
        (
            f"{there}/steps/new/condition", f"{there}/steps/new/condition", {"condition": "segment"},
            "Choose the segment that they have to fit.",
        ),
        (f"{there}/steps/new/email", f"{there}/steps/new/email", {"subject": "{x}", "body": "x"}, "no placeholder {x}"),
        (
            f"{there}/steps/new/email", f"{there}/steps/new/email",
            {"subject": "x", "body": "x", "link": "https://else.example"}, "begins with “/”",
        ),
        (
            f"{there}/steps/new/email", f"{there}/steps/new/email", {"subject": "x", "body": "x", "late_days": "0"},
            "1 to 60",
        ),
    )  # fmt: skip
    for at, to, typed, words in cases:
        page = await sam.submit(await sam.get(at), to, **typed)
        assert page.status == 422 and words in page.words, typed
    refused = await sam.post(LIST, {"entry": "nothing"})
    assert "Choose what the journey begins with." in refused.alerts()
    assert await database.fetch_value("SELECT version FROM journey") == 1


async def test_a_running_one_shows_how_many_are_where_and_is_paused_resumed_and_ended(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    page = await begun(sam, "welcome")
    there = page.path
    page = await sam.submit(await sam.get(f"{there}/edit"), there, holdout="0")
    page = await sam.submit(page, f"{there}/start")
    late = await sam.get(f"{there}/edit")
    assert late.status == 409
    for name in ("noor", "theo"):
        await walked.member(name, since=clock.now() + timedelta(minutes=1))
    await walked.later(minutes=5)
    page = await sam.get(there)
    assert "Entered 2" in page.words and "Wait here: 2" in page.words
    await walked.later(days=1, hours=1)
    page = await sam.get(there)
    assert "Written: 2" in page.words and "On their way 2" in page.words and "Nobody is held back so far" in page.words
    page = await sam.submit(page, f"{there}/pause")
    assert "Paused." in page.alerts() and "Resume" in page.words
    page = await sam.submit(page, f"{there}/resume")
    page = await sam.submit(page, f"{there}/end")
    assert "Ended. Nobody gets anything more." in page.alerts() and "On their way when it ended 2" in page.words
    assert "This journey is ended now" in (await sam.post(f"{there}/resume")).alerts()
    page = await sam.submit(page, f"{there}/copy")
    assert page.heading == "Welcome (copy)" and "Draft" in page.words
    page = await sam.submit(page, f"{page.path}/deletion")
    assert page.path == LIST and "Draft deleted." in page.alerts()


async def test_who_is_in_it_is_listed_with_where_they_are(shop: Shop) -> None:
    sam = await staff(shop, "campaigns", "members")
    page = await begun(sam, "welcome")
    there = page.path
    page = await sam.submit(await sam.get(f"{there}/edit"), there, holdout="0")
    page = await sam.submit(page, f"{there}/start")
    assert "Every five minutes it looks" in page.words and "Nobody has entered so far" in page.words
    assert f"{there}/people" not in page.links()
    assert "Nobody has entered yet." in (await sam.get(f"{there}/people")).words
    noor = await walked.member("noor", since=clock.now() + timedelta(minutes=1))
    await walked.later(minutes=5)
    assert f"{there}/people" in (await sam.get(there)).links()
    page = await sam.get(f"{there}/people")
    assert "1 customer has entered “Welcome”" in page.words and "Noor " in page.words
    assert "noor@kiln.test" not in page.words, "by their name"
    assert "On their way: Wait 1 day" in page.words and f"/staff/members/{noor}" in page.links()
    await sam.submit(await sam.get(there), f"{there}/end")
    assert "Was on their way when it ended: Wait 1 day" in (await sam.get(f"{there}/people")).words
    alex = await people.staff("alex@kiln.test", ("campaigns",))
    other = await shop.signed_in(alex.email)
    assert (await other.get(f"{there}/people")).status == 403
    assert f"{there}/people" not in (await other.get(there)).links()


async def test_a_second_one_of_the_same_beginning_is_numbered_and_says_so(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    assert (await begun(sam, "unused")).heading == "No use of the membership"
    page = await begun(sam, "unused")
    assert page.heading == "No use of the membership 2"
    assert "There is a journey “No use of the membership” already" in page.alerts()
    assert (await begun(sam, "unused")).heading == "No use of the membership 3"


async def test_a_segment_says_which_journeys_ask_it(shop: Shop) -> None:
    sam = await staff(shop, "campaigns", "members")
    segment = await segment_editing.create("Quiet", NO_ORDER)
    there = (await begun(sam, "lapsed")).path
    new = f"{there}/steps/new/condition"
    page = await sam.submit(await sam.get(new), new, condition="segment", segment=str(segment))
    assert "Go on only if they fit the segment “Quiet”" in page.words
    shown = await sam.get(f"/staff/segments/{segment}")
    assert "Journey (draft)" in shown.words and "The membership ended" in shown.words


async def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    sam = await staff(shop, "campaigns")
    nobody = "01890000-0000-7000-8000-000000000000"
    there = (await begun(sam)).path
    for path in (f"{LIST}/{nobody}", f"{LIST}/{nobody}/edit", f"{there}/steps/{nobody}", f"{there}/steps/new/party"):
        assert (await sam.get(path)).status == 404, path
    for path in (f"{LIST}/{nobody}", f"{LIST}/{nobody}/start", f"{there}/party", f"{there}/steps/{nobody}/up"):
        assert (await sam.post(path, {"version": "1"})).status == 404, path
