"""The corpus as files that other people open: JSON lines, CSV, SQLite, each folder with its manifest."""

from crawler.export.exporting import export
from crawler.export.manifest import ExportedFile, Manifest
from crawler.export.order import FORMATS, ExportOrder, Filter, formats_of

__all__ = ["FORMATS", "ExportOrder", "ExportedFile", "Filter", "Manifest", "export", "formats_of"]
