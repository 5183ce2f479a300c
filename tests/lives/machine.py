"""Lives of three people in one shop, in which anything may happen at any time."""

from tests.lives.order_rules import OrderRules
from tests.lives.staff_rules import StaffRules
from tests.lives.weather import Weather


class Lives(OrderRules, StaffRules, Weather):
    """All rules together."""
