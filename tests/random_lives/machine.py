"""Lives of three people in one shop, in which anything may happen at any time."""

from tests.random_lives.code_rules import CodeRules
from tests.random_lives.credit_rules import CreditRules
from tests.random_lives.order_rules import OrderRules
from tests.random_lives.promise_rules import PromiseRules
from tests.random_lives.staff_rules import StaffRules
from tests.random_lives.weather import Weather


class Lives(CodeRules, CreditRules, OrderRules, StaffRules, PromiseRules, Weather):
    """All rules together."""
