"""Agreeing to the shop's terms in a form: a sentence above the button, or a box to tick."""

from components.content.pages import agreements
from components.content.pages.agreements import AskedConsent
from components.foundation.languages.words import N_, _
from web.forms.fields import Text, Tick
from web.forms.form import Form

CHANGED = N_("Our terms have changed since you opened this page. Please read them again before you go on.")
TICK = N_("Please tick that you agree before you go on.")


class SeenVersions(Text):
    """Which versions of the pages the visitor saw."""

    kind = "hidden"


class ConsentFields(Form):
    """To inherit from. `consent` is what the sent form agrees to: exactly the versions that it showed."""

    agrees = Tick(N_("I agree"))
    agreed_to = SeenVersions("Versions", longest=600, required=False)
    consent: AskedConsent | None = None

    def check(self) -> None:
        asked = self.consent = agreements.asked()
        if asked is None:
            return
        if self.values.get("agreed_to") != asked.seen:
            self.refuse(None, _(CHANGED))
            self.typed["agrees"] = []
        elif asked.needs_tick and not self.values.get("agrees"):
            self.refuse("agrees", _(TICK))
