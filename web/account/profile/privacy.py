"""A person's own data: export and erasure."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import msgspec
from litestar import Controller, Request, Response, get, post

from components.foundation import json
from components.foundation.languages.words import N_, _
from components.foundation.operations import security_events
from components.foundation.personal_data import person_records
from components.foundation.personal_data.person_records import Records
from components.invoices import invoice_export
from components.ledger import credit_export
from components.memberships import membership_export
from components.memberships.entitlements import entitlements
from components.messaging import mailbox
from components.old_shop import old_shop_export
from components.orders import order_list, queries
from components.people import customer_accounts, erasure, rate_limits
from components.people.privacy import account_export, erasure_wishes
from components.pricing.coupons import coupon_export
from components.rewards import reward_export
from web.account.profile import data_copy
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.forms.fields import Tick
from web.forms.form import Form
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.sign_in_session import sign_out
from web.views import View, page

COPIES = rate_limits.RateLimit("copies of one's data", 20, timedelta(hours=1))


class ErasureForm(Form):
    is_sure = Tick(N_("Yes, delete my account. I understand that this can’t be undone."))

    def check(self) -> None:
        if not self.values.get("is_sure"):
            self.refuse("is_sure", _("Tick the box to confirm."))


@dataclass(frozen=True, kw_only=True)
class PrivacyPage(View):
    """`is_starting`: it was confirmed, and the download begins by itself."""

    template: ClassVar[str] = "account/profile/privacy/show.html"
    is_starting: bool = False


@dataclass(frozen=True, kw_only=True)
class ErasurePage(View):
    template: ClassVar[str] = "account/profile/privacy/erasure.html"
    form: ErasureForm
    obstacles: tuple[str, ...]
    losses: tuple[str, ...] = ()
    is_waiting: bool = False
    waits_for: str = ""


async def _confirm_first(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """A file leaves the page of before in the browser, so that the way back is the page with the button."""
    asked = await confirm_first(request)
    return asked and see_other("/account/confirm?next=%2Faccount%2Fprivacy%3Fdownload%3Dyes")


class PrivacyController(Controller):
    path = "/account/privacy"
    guards = [signed_in]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, PrivacyPage(is_starting="download" in request.query_params))

    @get("/data.json", before_request=_confirm_first)
    async def download(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Everything the shop stores about the person, for programs."""
        told, _records = await _copy(request)
        return _file(await asyncio.to_thread(_document, told), "my-data.json", "application/json")

    @get("/data.zip", before_request=_confirm_first)
    async def download_zip(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The same with a page to read and a table of each kind of record."""
        told, records = await _copy(request)
        person = await customer_accounts.by_id(person_id_of(request))
        packed = await asyncio.to_thread(_packed, told, records, person.email if person else "")
        return _file(packed, "my-data.zip", "application/zip")

    @get("/erasure")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _erasure_page(request, ErasureForm.blank())

    @post("/erasure", before_request=confirm_first)
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        person_id, form = person_id_of(request), await ErasureForm.read(request)
        if not form.is_valid:
            return await _erasure_page(request, form, status=422)
        try:
            waits_for = await erasure_wishes.make(person_id)
        except erasure.ErasureRefused as refusal:
            form.refuse(None, str(refusal))
            return await _erasure_page(request, form, status=422)
        if waits_for:
            return await _erasure_page(request, form, waits_for=waits_for)
        return with_notice(sign_out(see_other("/")), _("Your account has been deleted."))

    @post("/erasure/withdrawal")
    async def withdraw(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """They keep their account after all."""
        await erasure_wishes.withdraw(person_id_of(request))
        return with_notice(see_other("/account/privacy"), _("You keep your account."))


async def _erasure_page(
    request: Request[Any, Any, Any], form: ErasureForm, *, waits_for: str = "", status: int = 200
) -> Response[Any]:
    person_id = person_id_of(request)
    view = ErasurePage(
        form=form,
        obstacles=await erasure.obstacles(person_id),
        losses=await erasure_wishes.losses(person_id),
        is_waiting=await erasure_wishes.is_waiting(person_id),
        waits_for=waits_for or await erasure_wishes.waits_for(person_id),
    )
    return page(request, view, status=status)


def _file(content: bytes, name: str, media_type: str) -> Response[Any]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)


async def _copy(request: Request[Any, Any, Any]) -> tuple[dict[str, Any], tuple[Records, ...]]:
    """All of it, and its tables. Writing it down takes long where there is much: in a thread, and not without end.

    Raises `TooManyTries`.
    """
    person_id = person_id_of(request)
    await rate_limits.hit(COPIES, str(person_id))
    await security_events.note("data downloaded", person=person_id)
    email = await customer_accounts.confirmed_email(person_id)
    records = await person_records.of_person(person_id, email or "")
    return await _everything(request, email, records), records


def _document(told: dict[str, Any]) -> bytes:
    return msgspec.json.format(json.dump(told).encode(), indent=2)


def _packed(told: dict[str, Any], records: tuple[Records, ...], email: str) -> bytes:
    return data_copy.zipped(_document(told), records, email=email)


async def _everything(request: Request[Any, Any, Any], email: str | None, found: tuple[Records, ...]) -> dict[str, Any]:
    person_id = person_id_of(request)
    standing = await entitlements.for_person(person_id)
    return {
        **await account_export.collect(person_id),
        "memberships": [json.to_plain(plan) for plan in standing.plans],
        **await membership_export.given_and_shared(person_id),
        **await credit_export.credit_of(person_id),
        **await reward_export.rewards_of(person_id),
        **await coupon_export.coupons_of(person_id),
        "orders": await _orders(request),
        **await invoice_export.invoices_of(person_id),
        **await old_shop_export.told_of(person_id, email),
        "emails": await mailbox.of_person(person_id, email),
        "everything": {
            records.title: [dict(zip(records.columns, row, strict=True)) for row in records.rows] for records in found
        },
    }


async def _orders(request: Request[Any, Any, Any]) -> list[Any]:
    person_id, found, number = person_id_of(request), [], 1
    while True:
        one_page = await order_list.of_person(person_id, page=number)
        for row in one_page.rows:
            if order := await queries.of_person(person_id, row.number):
                found.append(json.to_plain(order))
        if number >= one_page.last:
            return found
        number += 1
