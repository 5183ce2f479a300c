"""An invoice's page and its PDF, for anybody who has its link."""
