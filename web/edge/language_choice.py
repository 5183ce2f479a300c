"""The visitor's choice of language, from the foot of each page."""

from typing import Any

from litestar import Controller, Request, Response, post

from components.foundation.languages import language
from components.foundation.languages.words import N_
from components.people import customer_accounts
from web.edge import asked_language
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.guards import anyone
from web.replies import see_other
from web.sign_in_session import own_path
from web.views import visitor_of


class LanguageForm(Form):
    language = Choice(N_("Language"))
    back = Text("Back to", longest=2000, required=False)


class LanguageController(Controller):
    path = "/language"
    guards = [anyone]

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Kept by the browser, and with the account of whoever is signed in."""
        offered = tuple((code, language.own_name(code)) for code in language.offered())
        form = await LanguageForm.read(request, choices={"language": offered})
        code = form.language if form.is_valid else language.current()
        if (person_id := visitor_of(request).person_id) is not None:
            await customer_accounts.use_language(person_id, code)
        back = next(iter(form.typed.get("back", ())), "")
        response = see_other(own_path(back, "/sign-in" if back == "/sign-in" else "/"))
        response.set_cookie(asked_language.cookie(code))
        return response
