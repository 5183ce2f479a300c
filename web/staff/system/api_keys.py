"""API keys: created by an owner, shown once, revoked."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.people import api_keys, operators
from components.people.api_keys import Key
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.forms.fields import Many, ReferenceField, Text
from web.forms.form import Form
from web.guards import owner
from web.replies import see_other, with_notice, with_refusal, with_undo
from web.sign_in_session import without_store
from web.views import View, page, visitor_of

LIST = "/staff/keys"


class KeyForm(Form):
    """`key` is the id of the new key, so that submitting the form twice creates one key."""

    key = ReferenceField("Key")
    name = Text("Name", longest=80, help="The program that uses this key, for example “Warehouse” or “Accounting”.")
    scopes = Many("Permissions", tuple(api_keys.SCOPES.items()), help="Choose only what it needs.")


@dataclass(frozen=True, kw_only=True)
class KeyLine:
    key: Key
    may: str
    maker: str
    may_reinstate: bool


@dataclass(frozen=True, kw_only=True)
class KeysPage(View):
    template: ClassVar[str] = "staff/system/api_keys/index.html"
    keys: tuple[KeyLine, ...]


@dataclass(frozen=True, kw_only=True)
class NewKeyPage(View):
    template: ClassVar[str] = "staff/system/api_keys/new.html"
    form: KeyForm


@dataclass(frozen=True, kw_only=True)
class MadeKeyPage(View):
    template: ClassVar[str] = "staff/system/api_keys/show.html"
    name: str
    may: str
    secret: str


class StaffKeysController(Controller):
    path = LIST
    guards = [owner]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        makers = {one.person_id: one.name or one.email for one in await operators.all_operators()}
        at = visitor_of(request).at
        lines = [
            KeyLine(key=one, may=_may(one.scopes), maker=_maker(one, makers), may_reinstate=one.may_reinstate(at))
            for one in await api_keys.all_keys()
        ]
        return page(request, KeysPage(keys=tuple(lines)))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, NewKeyPage(form=KeyForm.blank(key=ids.new())))

    @post(before_request=confirm_first)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The response itself shows the secret: it is not stored, so no other page could."""
        form = await KeyForm.read(request)
        if form.is_valid:
            try:
                secret = await api_keys.create(form.key, name=form.name, scopes=form.scopes, by=person_id_of(request))
                shown = MadeKeyPage(name=form.name, may=_may(form.scopes), secret=secret)
                return without_store(page(request, shown, status=201))
            except api_keys.KeyAlreadyCreated as refusal:
                return with_refusal(see_other(LIST), str(refusal))
            except api_keys.BadKey as refusal:
                form.refuse(refusal.field, str(refusal))
        return page(request, NewKeyPage(form=form), status=422)

    @post("/{key_id:uuid}/revocation", before_request=confirm_first)
    async def destroy(self, request: Request[Any, Any, Any], key_id: FromPath[UUID]) -> Response[Any]:
        key = await api_keys.revoke(key_id, by=person_id_of(request))
        words = f"API key “{key.name}” revoked. You can take that back for an hour."
        return with_undo(see_other(LIST), words, undo=f"{LIST}/{key_id}/reinstatement")

    @post("/{key_id:uuid}/reinstatement", before_request=confirm_first)
    async def restore(self, request: Request[Any, Any, Any], key_id: FromPath[UUID]) -> Response[Any]:
        key = await api_keys.reinstate(key_id, by=person_id_of(request))
        return with_notice(see_other(LIST), f"API key “{key.name}” works again, with the same secret.")


def _may(scopes: tuple[str, ...]) -> str:
    return ", ".join(api_keys.SCOPES[scope].partition(":")[0] for scope in api_keys.SCOPES if scope in scopes)


def _maker(key: Key, makers: dict[UUID, str]) -> str:
    return makers.get(key.made_by, "Former staff") if key.made_by else "System"
