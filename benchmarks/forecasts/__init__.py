"""Whether the ranges of forecasts hold: simulated shops, what was said of their future, and what came."""
