"""Product pictures: processing, storage, and access to the files."""
