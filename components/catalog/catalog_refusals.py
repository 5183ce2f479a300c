"""The catalogue's refusals, in words for whoever reads them: a shopper about stock, the staff about the rest."""

from datetime import datetime

from components.foundation.formatting import weekday_and_time
from components.foundation.refusals import NotFound, Refusal

_NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class OutOfStock(Refusal):
    """`title` of the variant, and how many are `left` for somebody else."""

    status = 409

    def __init__(self, title: str, left: int) -> None:
        self.title, self.left = title, left
        super().__init__(f"{title} is sold out." if left <= 0 else f"Only {left} of {title} left.")


class EarlyAccessSoldOut(OutOfStock):
    """There are more, but no more of them for whoever buys before everybody else."""

    def __init__(self, title: str, left: int, public_from: datetime) -> None:
        super().__init__(title, left)
        self.words = f"{title}: {_further(early_access_sold_out(left, public_from))}"


class EarlyLimitReached(OutOfStock):
    """She has, or asks for, more of a product than one member may have before it opens to everybody."""

    def __init__(self, title: str, most: int, public_from: datetime) -> None:
        super().__init__(title, most)
        self.words = f"{title}: {_further(for_each_member(most, public_from))}."


class NotOpenYet(OutOfStock):
    """Nothing opens it to this buyer before it opens to everybody."""

    def __init__(self, title: str) -> None:
        super().__init__(title, 0)
        self.words = f"{title} is not available to you yet."


def early_access_sold_out(left: int, public_from: datetime) -> str:
    """In words, a whole sentence: how many units are left early, and when the rest goes on general sale."""
    rest = f"the rest goes on general sale from {weekday_and_time(public_from)}."
    if left <= 0:
        return f"Early access stock has sold out; {rest}"
    return f"Only {left} left in early access; {rest}"


def for_each_member(most: int, public_from: datetime) -> str:
    """In words, without a full stop: how many one member may have early, and until when."""
    return f"Limit of {starting_with_number(most).lower()} per member until {weekday_and_time(public_from)}"


def starting_with_number(number: int) -> str:
    """A number as a sentence may begin with it: "Two", but 12."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _further(sentence: str) -> str:
    """As it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


class UnknownProduct(NotFound):
    message = "We could not find that product."


class UnknownVariant(NotFound):
    message = "We could not find that variant."


class UnknownCollection(NotFound):
    message = "We could not find that collection."


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
    """A title, price or number that cannot be; the words say which."""


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


class PictureTooLarge(PictureRefused):
    message = "An image can be at most 10 MB and 50 million pixels."
    status = 413
