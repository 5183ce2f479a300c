"""The running of the shop, for staff: audit log, jobs, API keys, e-mails, team, settings, patterns."""
