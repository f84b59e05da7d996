"""Every form the corpus is handed over in, each behind one seam.

A `Format` makes a `Writer` from a `Place` (folder, what the files say of themselves, stored pages, options).
A writer is a context manager that is given each case once, oldest first, as the JSON of the contract, and
finishes with the tally; what it answers then are remarks for people. A `Description` is called with
`Finished` (folder, about, tally, hashed files) when all writers are done. Which cases, the one state of the
store, the folder that appears whole and the manifest are the business of the package above.

The same cases and the same `About` give the same bytes: a writer knows no clock and no chance. Its memory
does not grow with the cases. OSError and StoreError go through; the folder turns them into one line.
"""

from crawler.export.formats.known import DESCRIPTIONS, FORMATS, Description, Format, formats_of
from crawler.export.formats.seam import (
    About,
    ExportedFile,
    Finished,
    Options,
    Place,
    Tallied,
    Told,
    Watched,
    WatchedRule,
    WatchedSource,
    Writer,
)

__all__ = [
    "DESCRIPTIONS",
    "FORMATS",
    "About",
    "Description",
    "ExportedFile",
    "Finished",
    "Format",
    "Options",
    "Place",
    "Tallied",
    "Told",
    "Watched",
    "WatchedRule",
    "WatchedSource",
    "Writer",
    "formats_of",
]
