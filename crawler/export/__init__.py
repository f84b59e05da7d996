"""The corpus as files that other people open, each folder whole and with its manifest."""

from crawler.export.exporting import export
from crawler.export.folder import abandoned
from crawler.export.following import strangers
from crawler.export.formats import DESCRIPTIONS, FORMATS, ExportedFile, Options, Watched, formats_of
from crawler.export.manifest import Manifest
from crawler.export.order import ExportOrder, Filter, Searched, Series
from crawler.export.watched import watched

__all__ = [
    "DESCRIPTIONS",
    "FORMATS",
    "ExportOrder",
    "ExportedFile",
    "Filter",
    "Manifest",
    "Options",
    "Searched",
    "Series",
    "Watched",
    "abandoned",
    "export",
    "formats_of",
    "strangers",
    "watched",
]
