"""Look into a bundle's zip without unpacking it: only plain files, inside the folder, within bounds."""

from pathlib import Path


def list_bundle(path: Path) -> tuple[str, ...]:
    """The paths of the files in a bundle's zip, sorted.

    Raises InvalidRequest naming the entry: no zip, an absolute path, `..`, a backslash, a symbolic link, an encrypted
    or repeated entry; TooLarge beyond the bounds of `core.bundle` on files and unpacked bytes.
    """
    raise NotImplementedError
