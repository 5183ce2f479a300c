"""Rate limits: how often somebody may try something, from one account, e-mail or address.

`limits` a limit and its refusal · `attempts` counting them. Each limit stands beside what it limits.
"""

from components.people.rate_limits.attempts import PUT_BACK, clear, forget_old, hit, undo
from components.people.rate_limits.limits import RateLimit, TooManyTries

__all__ = ["PUT_BACK", "RateLimit", "TooManyTries", "clear", "forget_old", "hit", "undo"]
