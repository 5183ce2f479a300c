"""In which language the text of an e-mail is written: one of the shop's; English for the e-mails to staff."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from components.foundation.languages import language
from components.foundation.refusals import NotAllowed, NotFound
from components.messaging.texts import starter_texts
from components.messaging.texts.email_kinds import STAFF, EmailKind
from components.messaging.texts.kinds import all_kinds
from web.views import visitor_of

LIST = "/staff/email-texts"


@dataclass(frozen=True, slots=True)
class ChosenText:
    """The text of one kind in one language. `language` is its code."""

    kind: EmailKind
    language: str

    @property
    def name(self) -> str:
        """The language by its own name; empty where there is but one."""
        return language.own_name(self.language) if len(offered(self.kind)) > 1 else ""

    @property
    def tabs(self) -> tuple[tuple[str, str, None], ...]:
        """Words and address of each language."""
        codes = offered(self.kind)
        if len(codes) == 1:
            return ()
        return tuple((language.own_name(code), ChosenText(self.kind, code).address(), None) for code in codes)

    @property
    def begins_in_english(self) -> bool:
        """There is no built-in text in this language."""
        return self.language != language.STAFF and not starter_texts.translated(self.kind.slug, self.language)

    def address(self, below: str = "") -> str:
        """Of its page, or of one below it. The shop's first language needs no name."""
        is_first = self.language == offered(self.kind)[0]
        return f"{LIST}/{self.kind.slug}{below}" + ("" if is_first else f"?language={self.language}")


def offered(kind: EmailKind) -> tuple[str, ...]:
    """The languages it is sent in, the shop's own first."""
    return (language.STAFF,) if kind.group == STAFF else language.offered()


def chosen(request: Request[Any, Any, Any], slug: str) -> ChosenText:
    """Raises `NotFound`, `NotAllowed`."""
    kind = all_kinds.by_slug(slug)
    if kind.group.is_for_owners and not visitor_of(request).may("owner"):
        raise NotAllowed("Only owners change the e-mails about accounts and those to staff.")
    code = request.query_params.get("language") or offered(kind)[0]
    if code not in offered(kind):
        raise NotFound("Your shop does not offer this language.")
    return ChosenText(kind, code)
