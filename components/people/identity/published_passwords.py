"""The demo's password is published: nobody may hold it where money is real."""

from components.foundation import settings
from components.people import passwords

PASSWORD = "kiln-demo"
DOMAIN = "@kiln.test"
"""Where everybody of the demo has their e-mail."""


async def refusals() -> tuple[str, ...]:
    """The accounts that anybody could sign in to, as one sentence. None in a practice shop."""
    if not settings.current().takes_real_money:
        return ()
    found = await passwords.have_password(PASSWORD, at=DOMAIN)
    if not found:
        return ()
    verb = "has" if len(found) == 1 else "have"
    return (f"{', '.join(found)} {verb} the demo's published password. Change it or delete the account first.",)
