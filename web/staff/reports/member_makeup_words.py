"""Who the members are, in one sentence that the list of members and the metrics both have."""

import asyncpg

from components.foundation import database, formatting
from components.insights.metrics import member_makeup
from components.insights.metrics.member_makeup import MemberMakeup
from components.insights.rollups import figure_readiness

NAMES = {
    "trial": "on a free trial",
    "nothing": "with a subscription that costs nothing so far",
    "term": "with a term paid once",
    "gift": "with a gift",
    "comp": "complimentary",
    "seat": "in a household",
    "earned": "by spending",
}

PATIENCE = "2s"


async def if_ready() -> str:
    """The sentence, empty where everybody's figures are still being added up: the list of members waits for none."""
    (is_ready,) = await database.batch(figure_readiness.query())
    if not is_ready:
        return ""
    try:
        async with database.transaction():
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", PATIENCE)
            (found,) = await database.batch(member_makeup.query())
    except (asyncpg.QueryCanceledError, TimeoutError):
        return ""
    return sentence(found)


def sentence(found: MemberMakeup) -> str:
    """ "288 members: 230 paying, 14 with a gift, 1 complimentary and 43 in a household." Nobody is counted twice."""
    parts = [f"{formatting.number(found.paying)} paying"]
    parts += [f"{formatting.number(number)} {NAMES[key]}" for key, number in found.others() if number]
    *first, last = parts
    words = f"{', '.join(first)} and {last}" if first else last
    members = "1 member" if found.members == 1 else f"{formatting.number(found.members)} members"
    return f"{members}: {words}."
