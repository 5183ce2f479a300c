"""The basket page and its parts."""
