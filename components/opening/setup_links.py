"""The one-time link with which the owner of a new shop begins. Whoever runs the server sees it, and nobody else.

Only its digest is kept, there is one at a time, it holds for a day, and it is used up by the first answers sent with
it. A new one from the terminal makes every earlier one worthless.
"""

import hmac
from datetime import timedelta
from uuid import UUID

from components.foundation import clock, database, ids, settings
from components.foundation.languages.words import N_
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.opening import setup_state
from components.opening.tables import ShopSetup
from components.people import customer_accounts, operators, passwords, rate_limits
from components.people.rate_limits import RateLimit

LASTS = timedelta(hours=24)
TRIED = RateLimit("set-up link from address", 20, timedelta(minutes=15))


class SetupLinkGone(Refusal):
    message = N_(
        "This link has been used, has expired, or a newer one was made. If you began with it, sign in and go on. "
        "Otherwise run “clubfront setup-link” on the server for a new one."
    )
    status = 410


class SetupOver(Refusal):
    message = N_("This shop is set up already. Sign in to work in it.")
    status = 410


class NothingToSetUp(Refusal):
    message = "This shop is open already: there is nothing to set up."


async def issue() -> str:
    """The address of a new link; earlier ones open nothing any more. Raises `NothingToSetUp`."""
    token = ids.token()
    changed = (
        await ShopSetup.update(
            {ShopSetup.link_digest: ids.digest(token), ShopSetup.link_expires_at: clock.now() + LASTS}
        )
        .where(ShopSetup.opened_at.is_null())
        .returning(ShopSetup.id)
    )
    if not changed:
        raise NothingToSetUp
    return f"{settings.current().base_url}/setup/link/{token}"


async def check(token: str, *, address: str) -> None:
    """Looking does not use it up. Raises `SetupLinkGone`, `SetupOver`, `TooManyTries`."""
    await rate_limits.hit(TRIED, address)
    await _check(await ShopSetup.objects().first(), token)
    await rate_limits.undo(TRIED, address)


async def redeem(token: str, *, email: str, name: str, password: str, address: str) -> UUID:
    """Make whoever holds the link the owner; the link is used up. Returns who that is.

    Raises `SetupLinkGone`, `SetupOver`, `TooManyTries`, `WeakPassword`; after the last the link can be used again.
    """
    await check(token, address=address)
    async with database.transaction():
        row = await database.locked(ShopSetup, ShopSetup.opened_at.is_null())
        await _check(row, token)
        assert row is not None
        person = await _owner(email, name=name, password=password)
        await row.update_self({ShopSetup.link_digest: None, ShopSetup.owner: person})
        await security_events.note("set-up link used", person=person)
    await setup_state.refresh()
    return person


async def _check(row: ShopSetup | None, token: str) -> None:
    if row is None or row.opened_at:
        raise SetupOver
    is_same = bool(row.link_digest) and hmac.compare_digest(bytes(row.link_digest), ids.digest(token))
    if not is_same or row.link_expires_at <= clock.now():
        raise SetupLinkGone


async def _owner(email: str, *, name: str, password: str) -> UUID:
    """An account that was opened before with this e-mail is theirs: they hold the server."""
    person = await customer_accounts.by_email(email)
    if person is None:
        person = await customer_accounts.sign_up(email, name=name, password=password)
    else:
        await passwords.set(person.id, password)
        await customer_accounts.rename(person.id, name=name)
    await customer_accounts.confirm(person.id)
    if not await operators.includes(person.id):
        await operators.add(person.id, "owner")
    else:
        await operators.change(person.id, role="owner", permissions=(), by=person.id)
    return person.id
