"""Codes from an app (TOTP): set up with a QR code, shown to work once before they are asked for, each used once.

They follow the machine's clock, as the telephone does, and not the practice clock.
"""

import hmac
from dataclasses import dataclass
from uuid import UUID

import pyotp

from components.foundation import clock
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.foundation.secrecy import encryption
from components.foundation.shop_settings import shop_settings
from components.people.tables import Authenticator

PURPOSE = "authenticator app"
PERIOD = 30
STEPS_AROUND = (0, -1, 1)
"""Half a minute early or late, for clocks that differ and for typing slowly."""


class WrongAppCode(Refusal):
    message = N_("That isn’t the code the app shows now. Check that your phone’s clock is set automatically.")


class AppAlreadySetUp(Refusal):
    message = N_("An app is set up already. Remove it first.")
    status = 409


@dataclass(frozen=True, slots=True)
class AppSetup:
    """`secret` to type into the app, `address` to scan with it."""

    secret: str
    address: str


async def begin(person_id: UUID, *, email: str) -> AppSetup:
    """The secret of a set-up that has begun; the same one until it is finished. Raises `AppAlreadySetUp`."""
    fresh = pyotp.random_base32()
    sealed = encryption.encrypt(fresh, purpose=PURPOSE).encode()
    row = Authenticator(person=person_id, secret=sealed, made_at=clock.now())
    await Authenticator.insert(row).on_conflict(action="DO NOTHING")
    kept = await Authenticator.objects().where(Authenticator.person == person_id).first()
    if kept is None or kept.confirmed_at:
        raise AppAlreadySetUp
    secret = _secret(kept)
    if secret is None:
        await Authenticator.delete().where(Authenticator.person == person_id)
        return await begin(person_id, email=email)
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=shop_settings.current().shop_name)
    return AppSetup(secret, address)


async def finish(person_id: UUID, code: str) -> None:
    """The app shows codes that fit. Raises `WrongAppCode`, `AppAlreadySetUp`."""
    kept = await Authenticator.objects().where(Authenticator.person == person_id).first()
    if kept is not None and kept.confirmed_at:
        raise AppAlreadySetUp
    if not await _use(kept, code):
        raise WrongAppCode
    await Authenticator.update({Authenticator.confirmed_at: clock.now()}).where(Authenticator.person == person_id)


async def use(person_id: UUID, code: str) -> bool:
    """Whether this is a code of the person's app that was not used before; it is used up."""
    is_ready = Authenticator.confirmed_at.is_not_null()
    return await _use(await Authenticator.objects().where(Authenticator.person == person_id, is_ready).first(), code)


async def remove(person_id: UUID) -> None:
    await Authenticator.delete().where(Authenticator.person == person_id)


async def _use(kept: Authenticator | None, code: str) -> bool:
    secret = _secret(kept) if kept else None
    given = code.strip().replace(" ", "")
    if kept is None or secret is None or len(given) != 6 or not given.isascii() or not given.isdigit():
        return False
    codes, now = pyotp.TOTP(secret), int(clock.of_this_machine().timestamp()) // PERIOD
    for step in (now + around for around in STEPS_AROUND):
        if hmac.compare_digest(codes.generate_otp(step), given):
            using = Authenticator.update({Authenticator.last_step: step})
            was_put_back = Authenticator.last_step > now + max(STEPS_AROUND)  # noted before the clock was put back
            is_new = (Authenticator.person == kept.person) & ((Authenticator.last_step < step) | was_put_back)
            return bool(await using.where(is_new).returning(Authenticator.person))
    return False


def _secret(kept: Authenticator) -> str | None:
    """None when it was encrypted with another SECRET_KEY."""
    return encryption.decrypt(bytes(kept.secret).decode(), purpose=PURPOSE)
