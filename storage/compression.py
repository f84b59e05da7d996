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

LEVEL = 9  # higher ones gain 3 % and cost three times the time
DICTIONARY_SIZES = (64 * 1024, 112 * 1024, 224 * 1024)  # bytes
_TRIED_ON = 6  # one sample in so many


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
    """The dictionary that makes pages like the samples smallest; None where none of them helps.

    Which size is best depends on the pages, and one too large for them is far worse than one too small: so
    several are trained on most of the samples and tried on the rest.
    """
    tried_on = samples[::_TRIED_ON]
    taught = [sample for place, sample in enumerate(samples) if place % _TRIED_ON]
    candidates = [None, *(_dictionary(taught, size) for size in DICTIONARY_SIZES)]
    return min(candidates, key=lambda dictionary: _squeezed_size(tried_on, dictionary))


def _dictionary(samples: Sequence[bytes], size: int) -> bytes | None:
    try:
        return train_dict(samples, size).dict_content
    except (ZstdError, ValueError):  # too little in common; nothing at all
        return None


def _squeezed_size(pages: Sequence[bytes], dictionary: bytes | None) -> int:
    squeezer = Squeezer(dictionary)
    return sum(len(squeezer.squeeze(page)) for page in pages)
