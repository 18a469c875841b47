"""The index of a repository: the files that git checks out, and those that it was configured to skip.

Source: git documentation, gitformat-index, versions 2 to 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.git.repository import Repository, read_config

# About 2,000,000 files.
MAX_INDEX_BYTES = 256 * 2**20
FOLDER_MODE = 0o040000
SUBMODULE_MODE = 0o160000
_HEADER_BYTES = 12
_STAT_BYTES = 40
_MODE_OFFSET = 24
_HASH_BYTES = {"sha1": 20, "sha256": 32}
_VERSIONS = (2, 3, 4)
_COMPRESSED_VERSION = 4
_EXTENDED = 0x4000
_SKIP_WORKTREE = 0x4000
_ALIGNMENT = 8
# With this extension the entries are in another file. Source: gitformat-index, split index.
_SPLIT = b"link"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An entry of the index: a file, a submodule, or a folder with all files below it.

    Attributes:
        path: Path from the top of the repository, as bytes; a folder ends with a slash.
        mode: File type and permissions.
        is_skipped: Whether git leaves it out of the working tree.
    """

    path: bytes
    mode: int
    is_skipped: bool


class UnknownIndexError(Exception):
    """The index cannot be read, so its entries are unknown."""


def read_index(repository: Repository) -> tuple[IndexEntry, ...]:
    """Read the entries of the index; none if there is no index.

    Raises:
        UnknownIndexError: It is damaged, too large, or in an unknown format.
    """
    try:
        with (repository.git_folder / "index").open("rb") as file:
            content = file.read(MAX_INDEX_BYTES + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UnknownIndexError from error
    hash_bytes = _HASH_BYTES.get(read_config(repository).get("extensions.objectformat", "sha1").lower())
    if hash_bytes is None or len(content) > MAX_INDEX_BYTES:
        raise UnknownIndexError
    try:
        return tuple(_parse(content, hash_bytes))
    except (ValueError, IndexError) as error:
        raise UnknownIndexError from error


def _parse(content: bytes, hash_bytes: int) -> Iterator[IndexEntry]:
    version = _number(content, 4, 4)
    if content[:4] != b"DIRC" or version not in _VERSIONS:
        raise ValueError("not an index")
    offset, path = _HEADER_BYTES, b""
    for _ in range(_number(content, 8, 4)):
        begin = offset
        mode = _number(content, begin + _MODE_OFFSET, 4)
        offset = begin + _STAT_BYTES + hash_bytes
        is_extended = bool(_number(content, offset, 2) & _EXTENDED)
        is_skipped = is_extended and bool(_number(content, offset + 2, 2) & _SKIP_WORKTREE)
        offset += 4 if is_extended else 2
        kept = b""
        if version == _COMPRESSED_VERSION:
            dropped, offset = _read_varint(content, offset)
            kept = path[: len(path) - dropped]
        end = content.index(b"\0", offset)
        path = kept + content[offset:end]
        offset = end + 1
        if version != _COMPRESSED_VERSION:
            offset += -(offset - begin) % _ALIGNMENT
        yield IndexEntry(path, mode, is_skipped)
    _refuse_split(content, offset, hash_bytes)


def _refuse_split(content: bytes, offset: int, hash_bytes: int) -> None:
    end = len(content) - hash_bytes
    while offset + _ALIGNMENT <= end:
        if content[offset : offset + 4] == _SPLIT:
            raise ValueError("split")
        offset += _ALIGNMENT + _number(content, offset + 4, 4)
    if offset != end:
        raise ValueError("cut off")


def _number(content: bytes, offset: int, size: int) -> int:
    if offset + size > len(content):
        raise ValueError("cut off")
    return int.from_bytes(content[offset : offset + size])


def _read_varint(content: bytes, offset: int) -> tuple[int, int]:
    """Read a number in the format of pack offsets, and return the next offset too. Source: gitformat-pack."""
    byte = content[offset]
    value = byte & 0x7F
    while byte & 0x80:
        offset += 1
        byte = content[offset]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, offset + 1
