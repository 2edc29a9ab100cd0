"""Whether a folder is on another machine, where SQLite's write-ahead log must not be used."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_NETWORK = frozenset(
    {"9p", "afs", "afpfs", "beegfs", "ceph", "cifs", "coda", "davfs", "davfs2", "fuse.davfs2"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "glusterfs", "gpfs", "lustre"}
    | {"ncpfs", "nfs", "nfs4", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"}
)


def is_network(folder: Path) -> bool:
    """By the system's table of mounts; False where there is none to ask."""
    with suppress(OSError):
        return file_system(folder.resolve(), Path("/proc/self/mounts").read_text()) in _NETWORK
    return False


def file_system(folder: Path, mounts: str) -> str:
    """The type of the file system that holds `folder`, by a table in the form of `/proc/mounts`."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        _, point, found, *_ = line.split(" ")
        place = Path(point.replace("\\040", " "))
        # The last of several mounts on one point hides the others.
        if folder.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), found
    return kind
