"""A deny-list of system calls that no lesson needs, as a seccomp filter."""

import ctypes
import errno
import platform
import struct

from .kernel import libc

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

# Name: (number on x86_64, number on aarch64); calls since 424 have one number everywhere.
_DENIED = {
    # other processes' memory and state
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "mknodat": (259, 33),
    # memory that no limit counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    # parts of the kernel with a long record of holes
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_SOCKET = (41, 198)
_SOCKET_FAMILIES = (2, 10)  # the two that a namespace without devices makes dead
# What waits in a Unix socket is memory that no limit counts.  A connected pair, which asyncio
# needs, holds two buffers of the usual size; others could leave theirs to a listener.
_SOCKETPAIR = (53, 199)
_STREAM, _KINDS = 1, 0xF  # the kind of a pair is beside flags
_SETSOCKOPT = (54, 208)
_BUFFERS = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and both with FORCE
_NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW* flag

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AND = 0x54
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 24, 32

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def available() -> bool:
    """Return whether this machine's architecture has a filter here."""
    return platform.machine() in _ARCHITECTURES


def install() -> None:
    """Deny the listed system calls to this process and to all it starts, for good."""
    text = _filter(*_ARCHITECTURES[platform.machine()])
    program = _Program(len(text) // 8, text)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, "prctl(SECCOMP)")


def _filter(architecture: int, column: int) -> bytes:
    denied = _ERRNO | errno.EPERM
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),  # a 32-bit call would have other numbers
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_AT_LEAST, 0, 1, 0x40000000),  # the x32 calls of x86_64
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        # The C library falls back to clone, whose flags a filter can read.
        (_JUMP_EQUAL, 0, 1, _CLONE3[column]),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
    ]
    for numbers in _DENIED.values():
        lines += [(_JUMP_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, denied)]
    lines += [
        (_JUMP_EQUAL, 0, 3, _CLONE[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, denied),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_EQUAL, 0, 4, _SOCKETPAIR[column]),
        (_LOAD, 0, 0, _SECOND_ARGUMENT),
        (_AND, 0, 0, _KINDS),
        (_JUMP_EQUAL, 1, 0, _STREAM),
        (_RETURN, 0, 0, denied),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_EQUAL, 0, 1 + 2 * len(_BUFFERS), _SETSOCKOPT[column]),
        (_LOAD, 0, 0, _THIRD_ARGUMENT),
    ]
    for option in _BUFFERS:
        lines += [(_JUMP_EQUAL, 0, 1, option), (_RETURN, 0, 0, denied)]
    lines += [
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_EQUAL, 0, 2 + len(_SOCKET_FAMILIES), _SOCKET[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
    ]
    families = len(_SOCKET_FAMILIES)
    for i, family in enumerate(_SOCKET_FAMILIES):
        lines.append((_JUMP_EQUAL, families - i, 0, family))
    lines += [(_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
