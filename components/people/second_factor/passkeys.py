"""Passkeys: made in a browser, and shown to be there by signing a challenge.

Used alone to sign in, the device must have checked its person (by fingerprint, face or PIN), so that it is two factors
at once. Beside a password or within a session, holding it is enough.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from components.foundation import clock, database, ids
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.people.second_factor import passkey_challenges
from components.people.second_factor.passkey_challenges import REGISTER, SIGN_IN, PasskeyRefused, PasskeyRequest
from components.people.tables import Passkey, Person

MOST = 10
NOT_AN_ANSWER = (WebAuthnException, ValueError, TypeError, KeyError)


class TooManyPasskeys(PasskeyRefused):
    def __init__(self) -> None:
        super().__init__(_("You have %(most)s passkeys. Remove one that you no longer use first.", most=MOST))


@dataclass(frozen=True, slots=True)
class PasskeyView:
    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


async def all_of(person_id: UUID) -> tuple[PasskeyView, ...]:
    rows = await Passkey.objects().where(Passkey.person == person_id).order_by(Passkey.made_at)
    return tuple(PasskeyView(row.id, row.name, row.made_at, row.used_at) for row in rows)


async def registration(person_id: UUID, *, email: str, name: str) -> PasskeyRequest:
    """What the browser needs to make a passkey."""
    challenge, sealed = passkey_challenges.fresh(REGISTER, person_id)
    held = await Passkey.objects().where(Passkey.person == person_id)
    options = webauthn.generate_registration_options(
        rp_id=passkey_challenges.relying_party(),
        rp_name=shop_settings.current().shop_name,
        user_id=person_id.bytes,
        user_name=email,
        user_display_name=name or email,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in held],
    )
    return PasskeyRequest(webauthn.options_to_json(options), sealed)


async def register(person_id: UUID, *, credential: str, challenge: str, name: str) -> None:
    """Keep the passkey that was made. Raises `PasskeyRefused`, `TooManyPasskeys`."""
    expected = passkey_challenges.opened(challenge, REGISTER, person_id)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=expected,
            expected_rp_id=passkey_challenges.relying_party(),
            expected_origin=passkey_challenges.origin(),
        )
    except NOT_AN_ANSWER:
        raise PasskeyRefused from None
    async with database.transaction():
        await database.locked(Person, Person.id == person_id)
        if await Passkey.count().where(Passkey.person == person_id) >= MOST:
            raise TooManyPasskeys
        await passkey_challenges.use_up(expected)
        key = Passkey(
            id=ids.new(),
            person=person_id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name.strip()[:80] or "Passkey",
            made_at=clock.now(),
        )
        if not await Passkey.insert(key).on_conflict(action="DO NOTHING").returning(Passkey.id):
            raise PasskeyRefused(_("This passkey is in use already."))


async def request(use: str, person_id: UUID | None = None) -> PasskeyRequest:
    """What the browser needs to use one of this person's passkeys, or of anybody's to sign in."""
    challenge, sealed = passkey_challenges.fresh(use, person_id)
    held = await Passkey.objects().where(Passkey.person == person_id) if person_id else []
    verification = UserVerificationRequirement.REQUIRED if use == SIGN_IN else UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=passkey_challenges.relying_party(),
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in held],
        user_verification=verification,
    )
    return PasskeyRequest(webauthn.options_to_json(options), sealed)


async def use(credential: str, challenge: str, *, use: str, person_id: UUID | None = None) -> UUID:
    """Whose passkey signed the challenge. Raises `PasskeyRefused`."""
    expected = passkey_challenges.opened(challenge, use, person_id)
    key = await _key(credential)
    if key is None or (person_id is not None and key.person != person_id):
        raise PasskeyRefused
    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=expected,
            expected_rp_id=passkey_challenges.relying_party(),
            expected_origin=passkey_challenges.origin(),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=use == SIGN_IN,
        )
    except NOT_AN_ANSWER:
        raise PasskeyRefused from None
    async with database.transaction():
        await passkey_challenges.use_up(expected)
        counted = Passkey.update({Passkey.sign_count: shown.new_sign_count, Passkey.used_at: clock.now()})
        is_same = (Passkey.id == key.id) & (Passkey.sign_count == key.sign_count)
        if not await counted.where(is_same).returning(Passkey.id):
            raise PasskeyRefused
    return UUID(str(key.person))


async def remove(person_id: UUID, passkey_id: UUID) -> str:
    """The name of the passkey that is gone. Raises `NotFound`."""
    gone = await Passkey.delete().where(Passkey.id == passkey_id, Passkey.person == person_id).returning(Passkey.name)
    if not gone:
        raise NotFound
    return str(gone[0]["name"])


async def _key(credential: str) -> Passkey | None:
    try:
        named = base64url_to_bytes(parse_authentication_credential_json(credential).id)
    except NOT_AN_ANSWER:
        raise PasskeyRefused from None
    return await Passkey.objects().where(Passkey.credential_id == named).first()
