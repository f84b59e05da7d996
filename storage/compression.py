"""Pages made small: zstd, with a dictionary trained on the pages of their own source."""

from __future__ import annotations

import sys
from collections.abc import Sequence

if sys.version_info >= (3, 14):
    from compression.zstd import (
        CompressionParameter,
        ZstdCompressor,
        ZstdDecompressor,
        ZstdDict,
        ZstdError,
        train_dict,
    )
else:
    from backports.zstd import (
        CompressionParameter,
        ZstdCompressor,
        ZstdDecompressor,
        ZstdDict,
        ZstdError,
        train_dict,
    )

LEVEL = 9
DICTIONARY_SIZE = 112 * 1024  # bytes


class Damaged(Exception):
    """Compressed bytes that do not expand to what they were."""


class Squeezer:
    """Compresses and expands with one dictionary, or none; keeps its tables between pages."""

    def __init__(self, dictionary: bytes | None = None) -> None:
        self._dictionary = ZstdDict(dictionary) if dictionary else None
        self._compressor = ZstdCompressor(
            options={CompressionParameter.compression_level: LEVEL, CompressionParameter.checksum_flag: 1},
            zstd_dict=self._dictionary,
        )

    def squeeze(self, body: bytes) -> bytes:
        """One zstd frame with a checksum."""
        return self._compressor.compress(body, ZstdCompressor.FLUSH_FRAME)

    def expand(self, frame: bytes, size: int) -> bytes:
        """The bytes again, never more than the `size` they had; Damaged if they are not those."""
        expander = ZstdDecompressor(zstd_dict=self._dictionary)
        try:
            body = expander.decompress(frame, max_length=size + 1)
        except ZstdError as error:
            raise Damaged(str(error)) from error
        if len(body) != size or not expander.eof:
            raise Damaged(f"expands to {len(body)} bytes or more, {size} were expected")
        return body


def trained(samples: Sequence[bytes]) -> bytes | None:
    """A dictionary of what the samples share; None where they share nothing."""
    try:
        return train_dict(samples, DICTIONARY_SIZE).dict_content
    except (ZstdError, ValueError):  # too little in common; nothing at all
        return None
