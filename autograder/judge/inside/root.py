"""A root folder that holds what Python needs and nothing else, in a mount namespace of its own."""

import os

from . import kernel

OLD = "/.old"
SCRATCH = "/scratch"  # the learner's home and /tmp: all that can be written to
DEVICES = ("null", "zero", "full", "random", "urandom")
PLACE = "/tmp"  # any folder does: what is mounted over it becomes the root and leaves it alone


def enter(config: dict) -> None:
    """Leave the host's files for a root with read-only views of some of them.

    Parameters
    ----------
    config : ``binds``, pairs of a host path and the path inside, parents first; a host path of
        None is an empty folder; ``links``, pairs of a path inside and what it points to;
        ``cache``, a host folder that stays writable until `freeze`, or ""
    """
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", PLACE, "tmpfs", kernel.MS_NOSUID, "mode=755,size=4m")
    os.mkdir(PLACE + OLD)
    kernel.pivot_root(PLACE, PLACE + OLD)
    os.chdir("/")
    for host, inside in config["binds"]:
        _bind(host, inside)
    for inside, target in config["links"]:
        if not os.path.lexists(inside):
            os.makedirs(os.path.dirname(inside), exist_ok=True)
            os.symlink(target, inside)
    for name in DEVICES:
        os.makedirs("/dev", exist_ok=True)
        open(f"/dev/{name}", "w").close()
        kernel.mount(f"{OLD}/dev/{name}", f"/dev/{name}", None, kernel.MS_BIND)
    os.mkdir(SCRATCH)
    os.symlink(SCRATCH, "/dev/shm")
    if not os.path.exists("/tmp"):  # an environment may lie there, and must stay to be seen
        os.symlink(SCRATCH, "/tmp")
    if config["cache"]:
        os.makedirs("/cache")
        kernel.mount(OLD + config["cache"], "/cache", None, kernel.MS_BIND)
    kernel.unmount(OLD)
    os.rmdir(OLD)


def freeze() -> None:
    """Make the whole root read-only: what was needed from the host has been read."""
    kernel.make_read_only("/", recursive=True, devices=True)


def private_tmp(max_bytes: int) -> None:
    """Mount an empty folder of limited size for all files, gone with the mount namespace."""
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("tmpfs", SCRATCH, "tmpfs", flags, f"mode=1777,size={max_bytes},nr_inodes=4096")


def _bind(host: str | None, inside: str) -> None:
    if host is None:
        os.makedirs(inside, exist_ok=True)
        kernel.mount("tmpfs", inside, "tmpfs", kernel.MS_NOSUID, "mode=755,size=1m")
        return
    source = OLD + host
    if os.path.isdir(source):
        os.makedirs(inside, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(inside), exist_ok=True)
        if not os.path.exists(inside):
            open(inside, "w").close()
    kernel.mount(source, inside, None, kernel.MS_BIND | kernel.MS_REC)
    kernel.make_read_only(inside, recursive=True)
