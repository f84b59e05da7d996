"""What kind of file each name is, as descriptions call it; and which files are the table of articles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawler.export.formats.seam import ExportedFile, Finished

_TYPES: Mapping[str, str] = {
    ".jsonl": "application/jsonl",
    ".jsonl.gz": "application/gzip",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".sqlite": "application/vnd.sqlite3",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain",
    ".xml": "application/tei+xml",
    ".warc.gz": "application/warc",
    ".atom": "application/atom+xml",
}
_ARTICLES = re.compile(r"articles(-\d+)?\.csv")
_MARK = b"\xef\xbb\xbf"


def media_type(name: str) -> str:
    """By the whole ending, `.warc.gz` as well as `.csv`; that of any bytes for what is not known."""
    _, dot, ending = name.rpartition("/")[2].partition(".")
    return _TYPES.get(dot + ending, "application/octet-stream")


def tables(finished: Finished) -> list[ExportedFile]:
    """The files that hold the table of articles: one, or more where Excel's sheets end."""
    return [file for file in finished.files if _ARTICLES.fullmatch(file.name)]


def single(finished: Finished) -> list[ExportedFile]:
    """The files that are described each; not those of which there is one an article."""
    return [file for file in finished.files if not file.name.endswith((".txt", ".xml"))]


def encoding(finished: Finished, file: ExportedFile) -> str:
    """Of a table: with a byte order mark, if it is one for Excel."""
    with (finished.folder / file.name).open("rb") as opened:
        return "utf-8-sig" if opened.read(len(_MARK)) == _MARK else "utf-8"
