"""“Confirm it’s you” before what a thief of a session would do first.

`before_request=confirm_first` puts it in front of a handler. The page repeats the form’s fields, hidden, and is sent to
the same address: once confirmed, the handler gets what was typed before. A GET comes back through /account/confirm.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from litestar import Request, Response

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.people.identity import identity_checks, identity_codes
from components.people.identity.identity_checks import Ways
from components.people.second_factor import passkey_challenges, passkeys
from web.current_person import person_id_of, session_of
from web.demo_mode import mailbox_address
from web.forms.fields import Password, Text
from web.forms.form import Form
from web.forms.sending import read_body
from web.replies import see_other
from web.sign_in_session import without_store
from web.views import View, page, visitor_of

OWN = "confirm_"
Pairs = tuple[tuple[str, str], ...]


class ProofForm(Form):
    """What somebody shows; which of the fields counts, `confirm_by` says."""

    confirm_by = Text("Way", longest=20, required=False)
    confirm_password = Password(N_("Password"), autocomplete="current-password")
    confirm_code = Text(N_("Code"), longest=12, autocomplete="one-time-code", inputmode="numeric")
    confirm_factor = Text(N_("Code from your app, or a recovery code"), longest=60, autocomplete="one-time-code")
    confirm_passkey = Text("Passkey", longest=20_000, required=False)
    confirm_challenge = Text("Challenge", longest=2_000, required=False)

    def check(self) -> None:
        """Only what belongs to the chosen way can be wrong."""
        named = {f"{OWN}{self.values['confirm_by']}", f"{OWN}passkey", f"{OWN}challenge"}
        self.errors = {name: words for name, words in self.errors.items() if name in named}


@dataclass(frozen=True, kw_only=True)
class ConfirmIdentityPage(View):
    """`kept`: the fields of the form that is being held."""

    template: ClassVar[str] = "account/security/confirm_identity/new.html"
    form: ProofForm
    action: str
    kept: Pairs
    ways: Ways
    email: str
    is_sent: bool
    has_passkeys_here: bool
    mailbox: str


async def confirm_first(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """None when the person has confirmed within ten minutes, or does so with this request."""
    if await identity_checks.is_confirmed(session_of(request)):
        return None
    if request.method not in {"POST"}:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return see_other(f"/account/confirm?next={quote(here, safe='')}")
    given = await read_body(request)
    kept = tuple((name, value) for name in given for value in given.getall(name) if isinstance(value, str))
    return await ask_or_prove(request, action=request.url.path, kept=kept)


async def ask_or_prove(
    request: Request[Any, Any, Any], *, action: str, kept: Iterable[tuple[str, str]]
) -> Response[Any] | None:
    """The page that asks; None once this request has proved it."""
    form, held = await ProofForm.read(request), tuple(pair for pair in kept if not pair[0].startswith(OWN))
    wait = 0
    status, is_sent = (403, False) if not form.confirm_by else (422, form.confirm_by == "code")
    try:
        if form.confirm_by == "send":
            await identity_codes.send(person_id_of(request))
            status, is_sent = 200, True
        elif form.confirm_by and form.is_valid:
            await _prove(request, form)
            return None
    except Refusal as refusal:
        status, wait = refusal.status, getattr(refusal, "retry_after", 0)
        form.refuse(_field(form.confirm_by) if status == 422 else None, str(refusal))
    view = await _asking(request, form, action=action, kept=held, is_sent=is_sent)
    response = without_store(page(request, view, status=status))
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


async def ask(request: Request[Any, Any, Any], *, action: str, kept: Pairs = ()) -> Response[Any]:
    form = ProofForm.blank()
    return without_store(page(request, await _asking(request, form, action=action, kept=kept, is_sent=False)))


async def _prove(request: Request[Any, Any, Any], form: ProofForm) -> None:
    """Raises the refusal that says what is wrong."""
    person_id, token = person_id_of(request), session_of(request)
    if form.confirm_by == "password":
        await identity_checks.by_password(person_id, form.confirm_password, token=token)
    elif form.confirm_by == "code":
        await identity_checks.by_email_code(person_id, form.confirm_code, token=token)
    elif form.confirm_by == "factor":
        await identity_checks.by_second_factor(person_id, form.confirm_factor, token=token)
    elif form.confirm_by == "passkey":
        use = passkey_challenges.CONFIRM
        await passkeys.use(form.confirm_passkey, form.confirm_challenge, use=use, person_id=person_id)
        await identity_checks.note(token, by="passkey")
    else:
        raise identity_checks.NotConfirmed


def _field(way: str) -> str | None:
    return f"{OWN}{way}" if way in {"password", "code", "factor"} else None


async def _asking(
    request: Request[Any, Any, Any], form: ProofForm, *, action: str, kept: Pairs, is_sent: bool
) -> ConfirmIdentityPage:
    return ConfirmIdentityPage(
        form=form,
        action=action,
        kept=kept,
        ways=await identity_checks.ways(person_id_of(request)),
        email=visitor_of(request).email,
        is_sent=is_sent,
        has_passkeys_here=passkey_challenges.are_possible(),
        mailbox=mailbox_address() if is_sent else "",
    )
