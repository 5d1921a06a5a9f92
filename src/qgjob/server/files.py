"""Hands out stored files: as a download, never as a page that a browser would run."""

from pathlib import Path, PurePosixPath

from starlette.responses import FileResponse

from qgjob.core.words import Sha256

_SAFE_TYPES = {
    ".json": "application/json",
    ".log": "text/plain; charset=utf-8",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".webm": "video/webm",
    ".zip": "application/zip",
}
"""Whatever else it may claim to be is only bytes."""


def file_response(path: Path, *, sha256: Sha256, name: str) -> FileResponse:
    """Answer with the file at `path`, to be saved under the last part of `name`; its ETag is its hash."""
    return FileResponse(
        path,
        media_type=_SAFE_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream"),
        filename=PurePosixPath(name).name,
        headers={"ETag": f'"{sha256}"', "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"},
    )
