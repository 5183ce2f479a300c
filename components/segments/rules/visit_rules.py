"""Rules about visits: what was looked at and searched for, of those alone who agreed that their visits are kept.

Of anybody else nothing is known; so they fit neither “yes” nor “no”. Where the shop keeps no visits (any more), nobody
fits, also while what it kept before waits to be deleted.
"""

import re
from uuid import UUID

from components.behaviour import page_views, visit_consents
from components.foundation.languages.words import N_, _
from components.segments import statement
from components.segments.chosen_products import COLLECTION, PRODUCT, title_of
from components.segments.rule_fields import RuleField, RuleFieldRefused, RuleText, Value
from components.segments.rule_kind import RuleKind, Values
from components.segments.rule_words import IS_TRUE, LAST_DAYS, ever_or_in_the_last, since
from components.segments.statement import Statement

_ADDRESS = re.compile(r"(?:.*/journal/)?([\w.~-]{1,150})/?")


class _Article(RuleText):
    def parsed(self, text: str) -> Value:
        if found := _ADDRESS.fullmatch(text):
            return found[1].lower()
        raise RuleFieldRefused(_("Enter the last part of the article’s address."))


class _Searched(RuleText):
    """Kept as searches are: in small letters, and without what may say who searched."""

    def parsed(self, text: str) -> Value:
        words = page_views.searched(text)
        if words and words != page_views.WITHHELD:
            return words
        raise RuleFieldRefused(_("Searches for e-mail addresses and long numbers are not kept. Enter other words."))

    def stored(self, given: object, text: str) -> Value:
        return page_views.searched(text)


_ARTICLE = _Article(name="article", label=N_("Article"), help=N_("The last part of its address, or all of it."))
_WORDS = _Searched(name="words", label=N_("Words"), help=N_("Whatever else was searched for with them."))


def _of_visits(values: Values, into: Statement, what: str) -> str:
    seen = f"SELECT v.person FROM segments_page_views v WHERE {what} AND {since(values, into, 'v.at')}"
    if not visit_consents.keeps_visits():
        return f"{seen} AND false"
    return seen if values["is"] == "yes" else statement.without(into, "SELECT person FROM segments_visitors", seen)


def _product(values: Values, into: Statement) -> str:
    product = into.bind(UUID(str(values["product"])), "uuid")
    slug = f"SELECT slug FROM segments_products WHERE id = {product}"
    return _of_visits(values, into, f"v.kind = 'product' AND v.subject IN ({slug})")


def _collection(values: Values, into: Statement) -> str:
    collection = into.bind(UUID(str(values["collection"])), "uuid")
    slug = f"SELECT slug FROM segments_collections WHERE id = {collection}"
    return _of_visits(values, into, f"v.kind = 'collection' AND v.subject IN ({slug})")


def _article(values: Values, into: Statement) -> str:
    return _of_visits(values, into, f"v.kind = 'article' AND v.subject = {into.bind(values['article'], 'text')}")


def _searched(values: Values, into: Statement) -> str:
    words = into.bind(values["words"], "text")
    return _of_visits(values, into, f"v.kind = 'search' AND position({words} IN v.subject) > 0")


def _looked_said(values: Values, what: str) -> str:
    when = ever_or_in_the_last(values)
    if values["is"] == "yes":
        return _("have looked at %(what)s %(when)s", what=what, when=when)
    if values["days"]:
        return _("are known not to have looked at %(what)s %(when)s", what=what, when=when)
    return _("are known never to have looked at %(what)s", what=what)


def _product_said(values: Values) -> str:
    return _looked_said(values, _("“%(name)s”", name=title_of(values["product"])))


def _collection_said(values: Values) -> str:
    return _looked_said(values, _("the collection “%(name)s”", name=COLLECTION.label_of(values["collection"])))


def _article_said(values: Values) -> str:
    return _looked_said(values, _("the article “%(name)s”", name=values["article"]))


def _searched_said(values: Values) -> str:
    when, words = ever_or_in_the_last(values), values["words"]
    if values["is"] == "yes":
        return _("have searched for “%(words)s” %(when)s", words=words, when=when)
    if values["days"]:
        return _("are known not to have searched for “%(words)s” %(when)s", words=words, when=when)
    return _("are known never to have searched for “%(words)s”", words=words)


def _fields(what: RuleField) -> tuple[RuleField, ...]:
    return IS_TRUE, what, LAST_DAYS


KINDS = (
    RuleKind(
        key="viewed_product",
        group="visits",
        title=N_("Looked at a product"),
        fields=_fields(PRODUCT),
        select=_product,
        says=_product_said,
    ),
    RuleKind(
        key="viewed_collection",
        group="visits",
        title=N_("Looked at a collection"),
        fields=_fields(COLLECTION),
        select=_collection,
        says=_collection_said,
    ),
    RuleKind(
        key="viewed_article",
        group="visits",
        title=N_("Looked at an article"),
        fields=_fields(_ARTICLE),
        select=_article,
        says=_article_said,
    ),
    RuleKind(
        key="searched",
        group="visits",
        title=N_("Searched for words"),
        fields=_fields(_WORDS),
        select=_searched,
        says=_searched_said,
    ),
)
