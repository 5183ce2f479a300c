"""Cleanup: deletes expired links, ended sessions and old attempts."""

from datetime import timedelta

from components.foundation import clock, database


async def delete_expired() -> None:
    """Safe to run at any time and any number of times."""
    now = clock.now()
    a_day_ago, a_month_ago = now - timedelta(days=1), now - timedelta(days=30)
    await database.execute("DELETE FROM sign_in_link WHERE expires_at < $1", a_day_ago)
    await database.execute("DELETE FROM email_confirmation WHERE expires_at < $1", a_month_ago)
    await database.execute("DELETE FROM sign_in_try WHERE changed_at < $1", a_day_ago)
    await database.execute("DELETE FROM session WHERE coalesce(ended_at, expires_at) < $1", a_month_ago)
