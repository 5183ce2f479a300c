"""A field for a password that is chosen."""

from components.foundation.languages.words import _
from components.people import passwords
from web.forms.fields import Password


class NewPassword(Password):
    """`rule` says of it what is wanted, with `%(count)s` for the least number of characters."""

    def __init__(self, label: str, *, rule: str, required: bool = True) -> None:
        super().__init__(label, required=required, autocomplete="new-password")
        self.rule = rule

    @property
    def wants(self) -> str:  # type: ignore[override]
        return _(self.rule, count=passwords.SHORTEST)
