"""Whether a job is still to be done, or is being done: asked before it is asked for a second time."""

from components.foundation import database


async def is_waiting(task: str) -> bool:
    """Also where the timetable asked for it."""
    return bool(await database.fetch_value(_WAITING, task))


_WAITING = """SELECT EXISTS (SELECT FROM insights_jobs
  WHERE task_name IN ($1::text, 'timetable:' || $1::text) AND status IN ('todo', 'doing'))"""
