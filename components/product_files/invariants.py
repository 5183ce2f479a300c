"""What must hold of imported files: the products they brought in."""

from components.foundation.consistency.invariant_rules import references
from components.product_files.tables import ImportedRow, ImportStep, ProductImport, StoredReport

REFERENCES = references((ImportedRow, ImportStep, ProductImport, StoredReport), [(StoredReport.key, "api_key")])
