"""What was given up is shown with its reason, and can be tried again."""

import pytest

from components import job_pauses, worker
from components.foundation import database, jobs
from tests.support import people
from tests.support.cells import every_cell
from tests.support.shops import Shop
from web.staff.system import jobs as page_of_jobs


@pytest.fixture
async def parked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter whose every try has failed."""

    async def refuses(email_id: str) -> None:
        raise ConnectionError("mail.test does not answer")

    monkeypatch.setitem(worker.TASKS, "send_email", refuses)
    monkeypatch.setattr(job_pauses, "_OF_EMAILS", job_pauses.GrowingPauses((), 0))
    await jobs.defer("send_email", email_id="a-letter")
    await worker.catch_up(shop.dsn)


async def test_a_parked_job_says_why_and_can_be_tried_again(shop: Shop, parked: None) -> None:
    await people.owner()
    browser = await shop.signed_in("iris@kiln.test")
    page = await browser.get("/staff/jobs")
    assert "Send an e-mail" in page.words and "ConnectionError: mail.test does not answer" in page.words
    job = await database.fetch_value("SELECT id FROM procrastinate_jobs WHERE status = 'failed'")
    again = await browser.submit(page, f"/staff/jobs/{job}/tries")
    assert "The job is back in the queue." in again.words and "No failed jobs." in again.words
    row = await database.fetch_one(
        "SELECT status::text, attempts, args::text FROM procrastinate_jobs WHERE task_name = 'send_email'"
    )
    assert row == {"status": "todo", "attempts": 0, "args": '{"email_id": "a-letter"}'}
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'job retried'") == 1


def test_every_task_has_a_name_for_staff() -> None:
    assert set(page_of_jobs.JOB_NAMES) == set(worker.TASKS)


async def test_a_job_that_is_not_parked_cannot_be_tried_again(shop: Shop, parked: None) -> None:
    await people.owner()
    browser = await shop.signed_in("iris@kiln.test")
    assert (await browser.post("/staff/jobs/999999/tries")).status == 404


async def test_only_who_may_sees_jobs(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["orders"])
    assert (await (await shop.signed_in("sam@kiln.test")).get("/staff/jobs")).status == 403


@every_cell(
    ("cron", "words"),
    [
        ("* * * * *", "Every minute"),
        ("*/5 * * * *", "Every 5 minutes"),
        ("17 * * * *", "Every hour at 17 past"),
        ("3 4 * * *", "Every day at 04:03 UTC"),
        ("0 8 * * 1", "0 8 * * 1"),
    ],
)
def test_the_timetable_speaks(cron: str, words: str) -> None:
    assert page_of_jobs.schedule_text(cron) == words
