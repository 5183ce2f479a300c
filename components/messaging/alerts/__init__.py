"""E-mails to the people who run the shop, about what cannot wait until somebody looks."""
