"""Looking after a shop: backup and restore, doctor, the settings in force, and what terminal commands share."""
