"""An order's own page, for anybody who has its link."""
