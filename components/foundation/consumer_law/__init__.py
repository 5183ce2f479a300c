"""What consumer law and the card networks ask of a shop with memberships: data files with their sources, and what
follows for the days on which e-mails go out. Nothing here is legal advice; each rule says when it was last checked."""
