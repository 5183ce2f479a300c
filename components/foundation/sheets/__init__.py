"""Files as sheets of cells: how they are written, their records, what their columns are called."""
