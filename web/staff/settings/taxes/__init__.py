"""Settings, Tax."""
