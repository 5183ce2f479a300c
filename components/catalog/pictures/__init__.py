"""Product pictures: processing, storing, and who may see a file."""
