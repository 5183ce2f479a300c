"""Store credit that pays renewals: where the shop allows it and the member wants it, to the penny and once."""
