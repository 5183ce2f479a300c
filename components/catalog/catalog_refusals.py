"""The catalogue's refusals, worded for their readers: shoppers for stock, staff for the rest."""

from datetime import datetime

from components.foundation.formatting import weekday_and_time
from components.foundation.languages.letter_case import after_colon
from components.foundation.languages.words import N_, _, p_
from components.foundation.refusals import NotFound, Refusal


class OutOfStock(Refusal):
    """`title` names the variant; `left` is how many units are still available."""

    status = 409

    def __init__(self, title: str, left: int) -> None:
        self.title, self.left = title, left
        super().__init__(
            _("%(title)s is sold out.", title=title)
            if left <= 0
            else _("Only %(count)s of %(title)s left.", count=left, title=title)
        )


class EarlyAccessSoldOut(OutOfStock):
    """The early access quota is used up, although more units are in stock."""

    def __init__(self, title: str, left: int, public_from: datetime) -> None:
        super().__init__(title, left)
        self.words = f"{title}: {after_colon(early_access_sold_out(left, public_from))}"


class EarlyLimitReached(OutOfStock):
    """The member has, or asks for, more of a product than one member may buy before general sale."""

    def __init__(self, title: str, most: int, public_from: datetime) -> None:
        super().__init__(title, most)
        self.words = f"{title}: {after_colon(for_each_member(most, public_from))}."


class NotOpenYet(OutOfStock):
    """The product is not on general sale yet, and this buyer has no early access to it."""

    def __init__(self, title: str) -> None:
        super().__init__(title, 0)
        self.words = _("%(title)s is not available to you yet.", title=title)


def early_access_sold_out(left: int, public_from: datetime) -> str:
    """A whole sentence: how many units are left for early access, and when general sale begins."""
    when = weekday_and_time(public_from)
    if left <= 0:
        return _("Early access stock has sold out; the rest goes on general sale from %(when)s.", when=when)
    words = N_("Only %(count)s left in early access; the rest goes on general sale from %(when)s.")
    return _(words, count=left, when=when)


def for_each_member(most: int, public_from: datetime) -> str:
    """Without a full stop: how many units one member may buy early, and until when."""
    return _("Limit of %(count)s per member until %(when)s", count=counted(most), when=weekday_and_time(public_from))


def counted(number: int) -> str:
    """A number inside a sentence: "two", but 12."""
    words = (
        p_("number", "none"),
        p_("number", "one"),
        p_("number", "two"),
        p_("number", "three"),
        p_("number", "four"),
        p_("number", "five"),
        p_("number", "six"),
        p_("number", "seven"),
        p_("number", "eight"),
        p_("number", "nine"),
    )
    return words[number] if 0 <= number < len(words) else str(number)


class UnknownProduct(NotFound):
    message = N_("We could not find that product.")


class UnknownVariant(NotFound):
    message = N_("We could not find that variant.")


class UnknownCollection(NotFound):
    message = N_("We could not find that collection.")


class AddressTaken(Refusal):
    def __init__(self, slug: str) -> None:
        super().__init__(f"The address “{slug}” is already in use.")


class SkuTaken(Refusal):
    def __init__(self, sku: str) -> None:
        super().__init__(f"The SKU “{sku}” belongs to another variant.")


class OptionsTaken(Refusal):
    def __init__(self, options: tuple[str, ...]) -> None:
        super().__init__(f"There is already a variant “{' / '.join(options)}”.")


class WrongOptions(Refusal):
    message = "Give every variant one value for each option."


class NothingToSell(Refusal):
    message = "An active product needs at least one variant."


class BadDetail(Refusal):
    """An invalid title, price or number; the message says which."""


class StockInUse(Refusal):
    message = "Stock on hand can’t be lower than the units reserved for orders being paid."


class NoSaleDate(Refusal):
    message = "Set a future date for general sale first: without one there is no early access."


class AlreadyOnSale(Refusal):
    message = "The product is already on general sale, so there is no early access any more."


class AllotmentInUse(Refusal):
    def __init__(self, taken: int) -> None:
        super().__init__(
            f"{taken} {'is' if taken == 1 else 'are'} already sold or reserved in early access: it can’t be fewer."
        )


class PictureRefused(Refusal):
    message = "We can’t use this image: choose a JPEG, PNG, WebP, GIF or AVIF file."


class PictureNotKept(Refusal):
    message = "The place where images are kept does not answer. Please try again in a moment."
    status = 503


class PictureTooLarge(PictureRefused):
    message = "An image can be at most 10 MB and 50 million pixels."
    status = 413
