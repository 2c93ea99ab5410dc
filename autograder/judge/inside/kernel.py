"""The kernel's own calls that build a sandbox, through ctypes: no helper program is needed."""

import ctypes
import errno
import os
import resource

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV = 1, 2, 4
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2

_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522
_SYS_MOUNT_SETATTR = 442  # one number on every architecture; no wrapper in older C libraries
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000

libc = ctypes.CDLL(None, use_errno=True)


class _MountAttr(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_uint64) for name in ("attr_set", "attr_clr", "propagation", "userns")
    ]


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int, what: str = "unshare") -> None:
    """Leave the namespaces named by `flags` for new ones.  Only in a process without threads."""
    _checked(libc.unshare(flags), what)


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mount `source` on `target`, as mount(2)."""
    arguments = (source.encode(), target.encode(), kind and kind.encode())
    _checked(libc.mount(*arguments, ctypes.c_ulong(flags), data.encode()), f"mount {target}")


def make_read_only(target: str, *, recursive: bool, devices: bool = False) -> None:
    """Make what is mounted on `target` read-only, without set-user-id and device files."""
    flags = MS_RDONLY | MS_NOSUID | (0 if devices else MS_NODEV)
    attr = _MountAttr(attr_set=flags)
    where = _AT_RECURSIVE if recursive else 0
    result = libc.syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        target.encode(),
        ctypes.c_uint(where),
        ctypes.byref(attr),
        ctypes.c_size_t(ctypes.sizeof(attr)),
    )
    _checked(result, f"mount_setattr {target}")


def unmount(target: str) -> None:
    """Detach what is mounted on `target`."""
    _checked(libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new_root: str, put_old: str) -> None:
    """Make `new_root` the root of this mount namespace and keep the old one at `put_old`."""
    _checked(libc.pivot_root(new_root.encode(), put_old.encode()), "pivot_root")


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process a signal when its parent ends."""
    _checked(libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0), "prctl(PDEATHSIG)")


def become(uid: int, gid: int) -> None:
    """Take an unprivileged identity and give up every capability for good."""
    for capability in range(64):
        if libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # EINVAL: past the last capability this kernel knows
    if os.geteuid() != uid:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = _CapHeader(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(libc.capset(ctypes.byref(header), nothing), "capset")
    no_new_privileges()


def no_new_privileges() -> None:
    """Hold this process and its children to the rights they have, whatever they execute."""
    _checked(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(NO_NEW_PRIVS)")


def set_limits(limits: dict[str, int]) -> None:
    """Set resource limits, soft and hard, by name: ``{"AS": bytes, "NPROC": 64}``."""
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue  # not every system has every limit
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError) as error:
            # macOS refuses some limits outright; a sandboxed process must have all of them.
            if getattr(error, "errno", errno.EINVAL) not in (errno.EINVAL, errno.EPERM):
                raise
