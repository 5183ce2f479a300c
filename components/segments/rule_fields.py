"""What a rule asks for: its fields, what may be typed into them, and how that is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from components.foundation.languages.words import _
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings

Value = str | int | None
Options = Sequence[tuple[str, str]]
MOST_DAYS = 36_500
MOST_AMOUNT = 10**13
LONGEST = 100


class RuleFieldRefused(Refusal):
    """What stands in a field can't be."""


@dataclass(frozen=True, kw_only=True)
class RuleField:
    """`name` is its key in stored rules. With `is_optional` it may be empty, which is stored as nothing."""

    name: str
    label: str
    is_optional: bool = False
    form: ClassVar[str] = "text"

    def read(self, given: object, *, is_stored: bool = False) -> Value:
        """The value to store, of what is typed or stored already. Raises `RuleFieldRefused`."""
        text = str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
        if text:
            return self.stored(given, text) if is_stored else self.parsed(text)
        if self.is_optional:
            return None
        raise RuleFieldRefused(_("Fill this in."))

    def parsed(self, text: str) -> Value:
        raise NotImplementedError

    def stored(self, given: object, text: str) -> Value:
        return self.parsed(text)

    def written(self, value: Value) -> str:
        """As it stands in the form."""
        return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class RuleChoice(RuleField):
    """One of a few. What was chosen and has gone since stays as it is, and fits nobody."""

    options: Callable[[], Options]
    form: ClassVar[str] = "choice"

    def parsed(self, text: str) -> Value:
        if text not in dict(self.options()):
            raise RuleFieldRefused(_("Choose one of the list."))
        return text

    def stored(self, given: object, text: str) -> Value:
        if len(text) > LONGEST:
            raise RuleFieldRefused(_("Choose one of the list."))
        return text

    def label_of(self, value: Value) -> str:
        return dict(self.options()).get(str(value)) or _("(no longer there)")


@dataclass(frozen=True, kw_only=True)
class RuleNumber(RuleField):
    least: int = 0
    most: int = MOST_DAYS
    form: ClassVar[str] = "number"

    def parsed(self, text: str) -> Value:
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise RuleFieldRefused(_("Enter a whole number."))
        if not self.least <= int(text) <= self.most:
            raise RuleFieldRefused(_("Enter a number from %(least)s to %(most)s.", least=self.least, most=self.most))
        return int(text)


@dataclass(frozen=True, kw_only=True)
class RuleAmount(RuleField):
    """Money in the shop's currency: typed as "12.50", stored in minor units."""

    form: ClassVar[str] = "amount"

    def parsed(self, text: str) -> Value:
        try:
            return _amount(Money.parse(text, shop_settings.current().currency).amount)
        except ValueError as trouble:
            raise RuleFieldRefused(str(trouble)) from None

    def stored(self, given: object, text: str) -> Value:
        if not isinstance(given, int):
            raise RuleFieldRefused(_("Enter a whole number."))
        return _amount(given)

    def written(self, value: Value) -> str:
        return Money(value, shop_settings.current().currency).plain if isinstance(value, int) else ""


def _amount(amount: int) -> int:
    if not 0 <= amount <= MOST_AMOUNT:
        raise RuleFieldRefused(_("Enter an amount of zero or more."))
    return amount
