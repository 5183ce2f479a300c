"""Journeys: series of marketing e-mails that each person walks by themselves, from something that happened to them."""
