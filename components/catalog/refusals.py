"""The catalogue's refusals, in words for whoever reads them: a shopper about stock, the staff about the rest."""

from components.foundation.refusals import NotFound, Refusal


class OutOfStock(Refusal):
    """`title` of the variant, and how many are `left` for somebody else."""

    status = 409

    def __init__(self, title: str, left: int) -> None:
        self.title, self.left = title, left
        super().__init__(f"{title} is sold out." if left <= 0 else f"Only {left} of {title} left.")


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
    message = "There cannot be fewer on hand than are reserved for orders being paid."


class PictureRefused(Refusal):
    message = "That is not a picture we can use: choose a JPEG, PNG, WebP, GIF or AVIF file."


class PictureTooLarge(PictureRefused):
    message = "A picture may be at most 10 MB and 50 million pixels."
    status = 413
