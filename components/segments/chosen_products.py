"""The fields in which a rule names a product or a collection."""

from uuid import UUID

from components.catalog.snapshot.snapshot_refresh import snapshot
from components.catalog.views import ProductView
from components.foundation.languages.words import N_, _
from components.segments.rule_fields import Options, RuleChoice, RuleFieldRefused, RuleText, Value

MOST_SUGGESTED = 500


class _Product(RuleText):
    """Typed as its title or the last part of its address; stored as its id, and typed as that once it is gone."""

    def parsed(self, text: str) -> Value:
        found = next((one for one in snapshot().products if text.casefold() in (one.title.casefold(), one.slug)), None)
        return str(found.id) if found else self.stored(text, text)

    def stored(self, given: object, text: str) -> Value:
        try:
            return str(UUID(text))
        except ValueError:
            raise RuleFieldRefused(_("There is no active product with this name.")) from None

    def written(self, value: Value) -> str:
        found = _found(value)
        if found is None:
            return str(value or "")
        return found.title if self.parsed(found.title) == value else found.slug


def _found(value: Value) -> ProductView | None:
    return snapshot().product_by_id(UUID(str(value))) if value else None


def title_of(value: Value) -> str:
    found = _found(value)
    return found.title if found else _("(no longer there)")


def _titles() -> tuple[str, ...]:
    """Suggested; any other may be typed too."""
    return tuple(one.title for one in snapshot().products[:MOST_SUGGESTED])


def _collections() -> Options:
    return tuple((str(one.id), one.title) for one in snapshot().collections)


PRODUCT = _Product(name="product", label=N_("Product"), help=N_("Its title."), suggestions=_titles)
COLLECTION = RuleChoice(name="collection", label=N_("Collection"), options=_collections, is_id=True)
