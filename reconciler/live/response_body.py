"""The body of an answer, unpacked, with a limit on its size."""

from __future__ import annotations

import zlib
from typing import Protocol

# At most this much is read at a time.
_PIECE_BYTES = 64 * 1024
# What requests asks for; nothing else is unpacked. The value lets zlib distinguish gzip from deflate.
ACCEPTED_ENCODINGS = "gzip, deflate"
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_DEFLATE = zlib.MAX_WBITS | 32


class BodyTooLarge(OSError):
    """An answer, packed or unpacked, is larger than the limit."""


class BodyDamaged(OSError):
    """An answer cannot be unpacked."""


class RawBody(Protocol):
    """The body as it comes from the wire."""

    def read(self, amt: int, /, *, decode_content: bool) -> bytes:
        """Read up to this many bytes; none at the end."""
        ...


def read_body(raw: RawBody, *, encoding: str, limit_bytes: int) -> bytes:
    """Read the whole body.

    Args:
        raw: Where it comes from.
        encoding: The Content-Encoding; empty if there is none.
        limit_bytes: The largest body, before and after unpacking.

    Raises:
        BodyTooLarge: It is larger; what is beyond the limit was not read.
        BodyDamaged: It cannot be unpacked, or ends too early.
    """
    unpacker = _find_unpacker(encoding)
    content = bytearray()
    read_bytes = 0
    while piece := raw.read(_PIECE_BYTES, decode_content=False):
        read_bytes += len(piece)
        content += unpacker.unpack(piece, limit_bytes + 1 - len(content))
        if max(read_bytes, len(content)) > limit_bytes:
            raise BodyTooLarge(f"more than {limit_bytes} bytes")
    unpacker.finish()
    return bytes(content)


def _find_unpacker(encoding: str) -> _Plain | _Packed:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _Plain()
    if name in _PACKED:
        return _Packed()
    raise BodyDamaged(f"packed in another way than {ACCEPTED_ENCODINGS}")


class _Plain:
    """Nothing to unpack."""

    def unpack(self, piece: bytes, _: int) -> bytes:
        return piece

    def finish(self) -> None:
        """Do nothing: there is nothing to check."""


class _Packed:
    """Unpacks gzip and deflate, of gzip any number of members."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_OR_DEFLATE)
        self._has_begun = False

    def unpack(self, piece: bytes, limit_bytes: int) -> bytes:
        content = bytearray()
        while piece and len(content) < limit_bytes:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP_OR_DEFLATE)
            self._has_begun = True
            try:
                content += self._member.decompress(piece, limit_bytes - len(content))
            except zlib.error:
                raise BodyDamaged("not unpackable") from None
            piece = self._member.unused_data
        return bytes(content)

    def finish(self) -> None:
        if self._has_begun and not self._member.eof:
            raise BodyDamaged("it ends too early")
