"""Signing in by e-mail: a link and a six-digit code, valid for ten minutes and one use per e-mail.

Nothing here reveals whether an e-mail is known. Token and code are created with the e-mail (`issue`), so that
no announced fact and no waiting job carries them; only digests of both are stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from piccolo.columns.combination import And, Combinable

from components.foundation import clock, database, ids, outbox, text
from components.foundation.languages import language
from components.foundation.languages.words import N_
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.foundation.secrecy import signing
from components.people import rate_limits
from components.people.facts import SignInLinkRequested
from components.people.identity import account_opening, known_browsers
from components.people.identity.account_opening import AccountWish
from components.people.rate_limits import RateLimit
from components.people.tables import Person, SignInLink

LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CODE = "sign-in code"

ASKED_FOR_EMAIL = RateLimit("link for e-mail", 5, timedelta(minutes=15))
ASKED_FROM_ADDRESS = RateLimit("link from address", 30, timedelta(minutes=15))
CODE_FOR_EMAIL = RateLimit("code for e-mail", 10, timedelta(minutes=15))
CODE_FROM_ADDRESS = RateLimit("code from address", 60, timedelta(minutes=15))
ASKED_BY_KNOWN_BROWSER = RateLimit("link from known browser", 5, timedelta(minutes=15))
CODE_FROM_KNOWN_BROWSER = RateLimit("code from known browser", 10, timedelta(minutes=15))


class LinkExpired(Refusal):
    message = N_("This link has already been used or has expired. Please request a new one.")


class WrongCode(Refusal):
    message = N_("That code doesn’t match our latest e-mail, or it has expired.")


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """What the e-mail needs, issued once. Without a person it opens an account; `asked_for_account` although there is
    one."""

    person_id: UUID | None
    asked_for_account: bool
    email: str
    name: str
    token: str
    code: str
    language: str


async def send(email: str, *, address: str = "", browser: str = "", wish: AccountWish | None = None) -> None:
    """Send a link and a code to this e-mail if there is an account with it, or if one is wished for. Raises
    `TooManyTries`.

    `browser` is the cookie of a browser that may have signed in before: it is counted apart from strangers.
    """
    email = text.normal_email(email)
    person = await Person.objects().where(Person.email == email, Person.erased_at.is_null()).first()
    known = known_browsers.of_person(browser, person.id if person else None)
    if known:
        await rate_limits.hit(ASKED_BY_KNOWN_BROWSER, email, known.name)
    else:
        await rate_limits.hit(ASKED_FOR_EMAIL, email)
        if address:
            await rate_limits.hit(ASKED_FROM_ADDRESS, address)
    now = clock.now()
    link = SignInLink(
        id=ids.new(),
        person=person and person.id,
        language=language.current(),
        created_at=now,
        expires_at=now + LASTS,
    )
    if wish is not None:
        link.email, link.name, link.password_hash = email, wish.name, wish.password_hash
        link.opener_digest, link.agreed = ids.digest(wish.opener), list(wish.agreed)
    async with database.transaction():
        await SignInLink.insert(link)
        await outbox.announce(SignInLinkRequested(link.id))


async def issue(link_id: UUID) -> IssuedLink | None:
    """Token and code for the e-mail, once; None afterwards, for an unknown e-mail for which nobody wants an account,
    and when it is too late.

    Belongs in the transaction that stores the e-mail.
    """
    link = await database.locked(SignInLink, SignInLink.id == link_id)
    if link is None or not (link.person or link.email) or link.token_digest or link.expires_at <= clock.now():
        return None
    person = await Person.objects().where(Person.id == link.person).first() if link.person else None
    if link.person and (person is None or person.erased_at):
        return None
    token, code = ids.token(), ids.code()
    link.token_digest, link.code_digest = ids.digest(token), _code_digest(link.id, code)
    await link.save(columns=[SignInLink.token_digest, SignInLink.code_digest])
    if person is None:
        return IssuedLink(None, True, link.email, "", token, code, link.language)
    return IssuedLink(person.id, bool(link.email), person.email, person.name, token, code, link.language)


async def is_valid(token: str) -> bool:
    """Whether the link could still be used. Looking does not use it up, because e-mail scanners look too."""
    return await SignInLink.exists().where(_may_be_used(token, clock.now()))


async def redeem(token: str, *, opener: str = "") -> Person:
    """Whom the link signs in; it is used up. `opener`: `account_opening`. Raises `LinkExpired`."""
    now = clock.now()
    async with database.transaction():
        using = SignInLink.update({SignInLink.used_at: now}).where(_may_be_used(token, now))
        if used := await using.returning(*SignInLink.all_columns()):
            return await account_opening.person_behind(SignInLink(**used[0]), opener=opener)
    await security_events.note("link refused")
    raise LinkExpired


def _may_be_used(token: str, at: datetime) -> Combinable:
    is_open = SignInLink.used_at.is_null() & (SignInLink.expires_at > at)
    return And(SignInLink.token_digest == ids.digest(token), is_open)


async def redeem_code(email: str, code: str, *, address: str = "", browser: str = "", opener: str = "") -> Person:
    """Whom the code of the latest e-mail signs in. Raises `WrongCode` or `TooManyTries`.

    A code is void after five wrong attempts, whoever made them; for a browser that has signed in before, only its own
    attempts count, ten in a quarter of an hour.
    """
    email = text.normal_email(email)
    person = await Person.objects().where(Person.email == email, Person.erased_at.is_null()).first()
    known = known_browsers.of_person(browser, person.id if person else None)
    if known:
        await rate_limits.hit(CODE_FROM_KNOWN_BROWSER, email, known.name)
        link = await _latest(email)
    else:
        await rate_limits.hit(CODE_FOR_EMAIL, email)
        if address:
            await rate_limits.hit(CODE_FROM_ADDRESS, address)
        link = await _counted_try(email)
    given = code.strip().replace(" ", "")
    if link is None or not signing.is_signature(bytes(link.code_digest), f"{link.id}:{given}", purpose=CODE):
        await security_events.note("code refused", person=link.person if link else None, email=email)
        raise WrongCode
    async with database.transaction():
        using = SignInLink.update({SignInLink.used_at: clock.now()})
        is_first = using.where((SignInLink.id == link.id) & SignInLink.used_at.is_null())
        if not await is_first.returning(SignInLink.id):
            raise WrongCode
        return await account_opening.person_behind(link, opener=opener)


async def _counted_try(email: str) -> SignInLink | None:
    """The latest link whose code may be tried, with this attempt counted before the code is checked."""
    return await database.fetch_one_as(SignInLink, _COUNT_TRY, email, clock.now(), CODE_TRIES)


async def _latest(email: str) -> SignInLink | None:
    """The same without counting, and however many strangers have tried."""
    return await database.fetch_one_as(SignInLink, _LATEST_OPEN, email, clock.now())


_LATEST = """(SELECT l.id FROM sign_in_link l
  WHERE (l.person = (SELECT id FROM person WHERE email = $1) OR (l.email = $1 AND l.email <> ''))
  AND l.code_digest IS NOT NULL ORDER BY l.created_at DESC, l.id DESC LIMIT 1)"""
_WITH_WISH = """id, person, email, name, language, password_hash, opener_digest, agreed, code_digest, created_at,
  expires_at"""
_COUNT_TRY = f"""
UPDATE sign_in_link SET code_tries = code_tries + 1
WHERE id = {_LATEST} AND used_at IS NULL AND expires_at > $2 AND code_tries < $3
RETURNING {_WITH_WISH}
"""
_LATEST_OPEN = f"""
SELECT {_WITH_WISH} FROM sign_in_link
WHERE id = {_LATEST} AND used_at IS NULL AND expires_at > $2
"""


async def void(person_id: UUID) -> None:
    """No link or code that was sent to them so far opens anything: their e-mail has changed."""
    await SignInLink.delete().where(SignInLink.person == person_id)


def _code_digest(link_id: UUID, code: str) -> bytes:
    """Keyed, because anyone who can read the database could hash a million codes quickly."""
    return signing.signature(f"{link_id}:{code}", purpose=CODE).encode()
