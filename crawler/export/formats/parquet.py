"""`parquet`: the cases in typed, nested columns for DuckDB, pandas and their like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.export.formats.seam import Place, Tallied, Told

FILE = "articles.parquet"
MOST_ROWS = 2_000  # of a row group, and …
_MOST_CHARACTERS = 8 << 20  # … of its texts: what is held in memory until it is written
_ZONE = "Asia/Ho_Chi_Minh"

_TEXT = pa.string()
_MOMENT = pa.timestamp("us", tz=_ZONE)
_SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32())])
_SPANS = pa.list_(_SPAN)


def _struct(*given: str, **typed: pa.DataType) -> pa.DataType:
    """Texts, then columns of other types."""
    return pa.struct([*((name, _TEXT) for name in given), *typed.items()])


_FLAG = _struct(
    "rule", "label", "version", "field", "quote", "level", spans=_SPANS, score=pa.float64(),
    absent=pa.list_(_TEXT), excluded=_SPANS,
)  # fmt: skip
_MENTION = _struct("field", "text", "how", span=_SPAN)
_DOCUMENT = _struct(
    "key", "type", "organ", "province", "date", "term", "issuer", "how", number=pa.int32(), year=pa.int32(),
    confidence=pa.float64(), mentions=pa.list_(_MENTION),
)  # fmt: skip
_FIGURE = _struct(
    "field", "text", "unit", "counted", "about", span=_SPAN, value=pa.float64(), whole=pa.float64()
)
_TYPES: Mapping[str, pa.DataType] = {
    "id": pa.int64(), "key": _TEXT, "source": _TEXT, "url": _TEXT, "title": _TEXT, "lead": _TEXT,
    "body": _TEXT, "authors": pa.list_(_TEXT), "section": _TEXT, "tags": pa.list_(_TEXT),
    "published_at": _MOMENT, "published_precision": _TEXT, "published_from": _TEXT, "updated_at": _MOMENT,
    "images": pa.list_(_struct("url", "caption")), "found_in": _TEXT, "fetched_at": _MOMENT,
    "revision": pa.int32(), "changed_at": _MOMENT, "gone_at": _MOMENT, "flags": pa.list_(_FLAG),
    "verdict": _struct("decision", "note", "by", at=_MOMENT), "documents": pa.list_(_DOCUMENT),
    "figures": pa.list_(_FIGURE), "story": pa.list_(pa.int64()),
    "raised": _struct("rule", "note", at=_MOMENT),
}  # fmt: skip
SCHEMA = pa.schema(list(_TYPES.items()))


class Parquet:
    """articles.parquet: the keys of the contract as columns, moments with their zone, spans as structs."""

    def __init__(self, place: Place) -> None:
        self._file = pq.ParquetWriter(place.folder / FILE, SCHEMA, compression="zstd")
        self._waiting: list[dict[str, Any]] = []
        self._characters = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._file.close()

    def add(self, case: Told) -> None:
        """Hold one row until there are enough for a row group."""
        self._waiting.append({name: _typed(case.get(name), kind) for name, kind in _TYPES.items()})
        self._characters += len(case["body"])
        if len(self._waiting) == MOST_ROWS or self._characters > _MOST_CHARACTERS:
            self._write()

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Write the last row group and the footer."""
        if self._waiting:
            self._write()
        self._file.close()
        return ()

    def _write(self) -> None:
        self._file.write_table(pa.Table.from_pylist(self._waiting, schema=SCHEMA))
        self._waiting.clear()
        self._characters = 0


def _typed(value: Any, kind: pa.DataType) -> Any:
    """A value of the contract as its column wants it: moments as such, [start, end] by name."""
    if value is None:
        return None
    if kind == _MOMENT:
        return datetime.fromisoformat(value)
    if kind == _SPAN:
        return {"start": value[0], "end": value[1]}
    if pa.types.is_list(kind):
        return [_typed(one, kind.value_type) for one in value]
    if pa.types.is_struct(kind):
        return {field.name: _typed(value.get(field.name), field.type) for field in kind}
    return value
