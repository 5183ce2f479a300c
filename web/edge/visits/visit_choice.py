"""Whether visits may be kept: the question on each page, and the page where the answer is changed."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post

from components.behaviour import visit_consents
from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from web.edge.visits import view_counting
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.guards import anyone
from web.replies import see_other, with_notice
from web.sign_in_session import own_path
from web.views import View, page, visitor_of

PAGE = "/what-we-count"


class VisitChoiceForm(Form):
    choice = Choice(N_("Keep my visits"), (("yes", N_("Yes")), ("no", N_("No"))))
    back = Text("Back to", longest=2000, required=False)


@dataclass(frozen=True, kw_only=True)
class VisitChoicePage(View):
    """`keeps` is what the shop is set to; `is_asked` whether a yes comes first; `is_kept` whether the visits of this
    browser are; `is_refused` by the browser itself, for its owner; `has_kept` if something is there of before."""

    template: ClassVar[str] = "shop/visits/index.html"

    keeps: str
    is_asked: bool
    is_kept: bool
    is_refused: bool
    has_kept: bool
    months: int


class VisitChoiceController(Controller):
    path = PAGE
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _shown(request)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """A yes begins with the next page; a no deletes what was kept, of this browser and of whoever is signed in."""
        form, visitor = await VisitChoiceForm.read(request), visitor_of(request)
        if not form.is_valid:
            return await _shown(request, status=422)
        if not visit_consents.keeps_visits():
            return see_other(PAGE)
        headers, cookies = _asked(request)
        former = view_counting.consent_id(cookies)
        answer = see_other(own_path(form.back or "", PAGE))
        if form.choice == "no":
            await visit_consents.withdraw(former, visitor.person_id)
            answer.set_cookie(view_counting.cookie(view_counting.NO))
            return with_notice(answer, _("Your visits are not kept."))
        if view_counting.says_no(headers):
            words = _("Your browser tells every shop not to keep visits, and we follow it. Change that there first.")
            return with_notice(answer, words)
        told = former if view_counting.is_told(cookies) else None
        if former is None or told or not await visit_consents.is_given(former, visitor.person_id):
            former = await visit_consents.give(visitor.person_id, told=told)
        answer.set_cookie(view_counting.cookie(former.hex))
        return with_notice(answer, _("Thank you. Your visits are kept from now on."))


async def _shown(request: Request[Any, Any, Any], *, status: int = 200) -> Response[Any]:
    known, (headers, cookies) = shop_settings.current(), _asked(request)
    given, any_id = view_counting.visitor_id(headers, cookies), view_counting.consent_id(cookies)
    view = VisitChoicePage(
        keeps=known.behaviour,
        is_asked=visit_consents.must_ask(),
        is_kept=given is not None and await visit_consents.is_given(given, visitor_of(request).person_id),
        is_refused=view_counting.says_no(headers),
        has_kept=any_id is not None and await visit_consents.has_kept(any_id),
        months=known.behaviour_months,
    )
    answer = page(request, view, status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _asked(request: Request[Any, Any, Any]) -> tuple[dict[bytes, bytes], dict[str, str]]:
    return dict(request.scope["headers"]), dict(request.cookies)
