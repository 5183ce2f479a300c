"""The page behind the one-time link: who the owner is, and the first questions about the shop."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.shop_settings.setting_rows import ShopSettingRefused
from components.opening import setup_links, setup_state, shop_setup
from components.people.passwords import WeakPassword
from web.guards import anyone
from web.replies import see_other
from web.setup.setup_forms import FirstQuestions, choices, country_of_browser
from web.sign_in_session import address_of, sign_in, without_store
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class SetupLinkPage(View):
    template: ClassVar[str] = "setup/link.html"
    partial: ClassVar[str | None] = "setup/_place.html"
    form: FirstQuestions
    place_href: str


class SetupLinkController(Controller):
    path = "/setup/link"
    guards = [anyone]

    @get("/{token:str}")
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        """Looking uses nothing up. Whoever has begun already goes on where they were."""
        if _has_begun(request):
            return see_other("/setup")
        await setup_links.check(token, address=address_of(request))
        country = country_of_browser(request.headers.get("accept-language", ""))
        form = FirstQuestions.blank(choices=choices(), country=country)
        return without_store(page(request, _page(token, form)))

    @post("/{token:str}/place", status_code=200)
    async def place(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        """What is asked about another country; nothing is checked yet."""
        await setup_links.check(token, address=address_of(request))
        form = await FirstQuestions.read(request, choices=choices())
        form.errors.clear()
        return without_store(page(request, _page(token, form)))

    @post("/{token:str}")
    async def create(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        if _has_begun(request):
            return see_other("/setup")
        form = await FirstQuestions.read(request, choices=choices())
        if not form.is_valid:
            await setup_links.check(token, address=address_of(request))
            return without_store(page(request, _page(token, form), status=422))
        try:
            person = await setup_links.redeem(
                token, email=form.email, name=form.name, password=form.password, address=address_of(request)
            )
        except WeakPassword as refusal:
            form.refuse("password", str(refusal))
            return without_store(page(request, _page(token, form), status=422))
        with suppress(ShopSettingRefused):  # the owner is there; the next page asks again
            await shop_setup.answer_shop(
                name=form.shop_name,
                country=form.country,
                trade=form.trade,
                email=form.email,
                by=person,
                **form.place,
            )
        return await sign_in(request, person, next="/setup", by="password")


def _has_begun(request: Request[Any, Any, Any]) -> bool:
    state, person = setup_state.current(), visitor_of(request).person_id
    return state.is_closed and person is not None and person == state.owner


def _page(token: str, form: FirstQuestions) -> SetupLinkPage:
    return SetupLinkPage(form=form, place_href=f"/setup/link/{token}/place")
