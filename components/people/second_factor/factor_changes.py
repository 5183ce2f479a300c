"""Changes of one's own second factors. Of staff they leave an audit row; the first one brings recovery codes."""

from uuid import UUID

from components.foundation import audit, clock, database, outbox, settings
from components.foundation.languages.words import N_
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.people import operators
from components.people.facts import SecondFactorChanged
from components.people.second_factor import authenticator_app, passkeys, recovery_codes, second_factors


class LastSecondFactor(Refusal):
    message = N_("This shop asks staff for a second factor, and this is your only one. Add another one first.")
    status = 409


async def finish_app(person_id: UUID, code: str) -> tuple[str, ...]:
    """Recovery codes, if there were none. Raises `WrongAppCode`, `AppAlreadySetUp`."""
    async with database.transaction():
        await authenticator_app.finish(person_id, code)
        return await _added(person_id, "authenticator app added")


async def add_passkey(person_id: UUID, *, credential: str, challenge: str, name: str) -> tuple[str, ...]:
    """Recovery codes, if they are staff and had none. Raises `PasskeyRefused`, `TooManyPasskeys`."""
    async with database.transaction():
        await passkeys.register(person_id, credential=credential, challenge=challenge, name=name)
        return await _added(person_id, "passkey added")


async def renew_codes(person_id: UUID) -> tuple[str, ...]:
    async with database.transaction():
        await _note(person_id, "recovery codes renewed")
        await _tell(person_id, "recovery codes renewed")
        return await recovery_codes.renew(person_id)


async def remove_app(person_id: UUID) -> None:
    """Raises `LastSecondFactor`."""
    async with database.transaction():
        await authenticator_app.remove(person_id)
        await _removed(person_id, "authenticator app removed")


async def remove_passkey(person_id: UUID, passkey_id: UUID) -> str:
    """The name of what is gone. Raises `LastSecondFactor`, `NotFound`."""
    async with database.transaction():
        name = await passkeys.remove(person_id, passkey_id)
        await _removed(person_id, "passkey removed")
    return name


async def _added(person_id: UUID, what: str) -> tuple[str, ...]:
    await security_events.note("second factor added", person=person_id, detail=what)
    await _tell(person_id, what)
    if not await operators.includes(person_id):
        return ()
    await _note(person_id, what)
    held = await second_factors.held(person_id)
    return () if held.recovery_codes else await recovery_codes.renew(person_id)


async def _removed(person_id: UUID, what: str) -> None:
    await security_events.note("second factor removed", person=person_id, detail=what)
    await _tell(person_id, what)
    if not await operators.includes(person_id):
        return
    await _note(person_id, what)
    if (await second_factors.held(person_id)).is_any:
        return
    if settings.current().requires_second_factor:
        raise LastSecondFactor
    await second_factors.forget(person_id)


async def _tell(person_id: UUID, what: str) -> None:
    await outbox.announce(SecondFactorChanged(person_id, what, clock.now(), is_own=True))


async def _note(person_id: UUID, what: str) -> None:
    await audit.record(person_id, what, "operator", person_id)
