"""How often something may be tried, and the refusal of whoever tries more often."""

import math
from dataclasses import dataclass
from datetime import timedelta

from components.foundation.languages.words import n_
from components.foundation.refusals import Refusal


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `most` attempts at `what` within any period of `within`."""

    what: str
    most: int
    within: timedelta


class TooManyTries(Refusal):
    """`retry_after`: whole seconds until the next attempt is accepted."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        minutes = max(1, math.ceil(retry_after / 60))
        super().__init__(
            n_(
                "Too many attempts. Please wait a minute and try again.",
                "Too many attempts. Please wait %(num)s minutes and try again.",
                minutes,
            )
        )
