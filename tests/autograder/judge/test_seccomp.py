"""The filter of system calls, run here for both kinds of processor."""

import struct

import pytest

from autograder.judge.inside import seccomp

ALLOWED, EPERM, EAFNOSUPPORT = 0x7FFF0000, 0x00050001, 0x00050061
STREAM, DGRAM, CLOEXEC = 1, 2, 0x80000


def answer(machine, number, *arguments):
    """Return what the filter says of a call, as the kernel would run it."""
    architecture, column = seccomp._ARCHITECTURES[machine]
    call = struct.pack("=IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
    lines = list(struct.iter_unpack("=HBBI", seccomp._filter(architecture, column)))
    at = value = 0
    while True:
        code, true, false, k = lines[at]
        at += 1
        if code == seccomp._RETURN:
            return k
        if code == seccomp._LOAD:
            value = struct.unpack_from("=I", call, k)[0]
        elif code == seccomp._AND:
            value &= k
        else:
            tests = {
                seccomp._JUMP_EQUAL: value == k,
                seccomp._JUMP_AT_LEAST: value >= k,
                seccomp._JUMP_ANY_BIT: bool(value & k),
            }
            at += true if tests[code] else false


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_allows_and_denies_what_it_says(machine):
    """Do its jumps lead where they should, whatever the processor?"""
    column = seccomp._ARCHITECTURES[machine][1]
    pair, option = seccomp._SOCKETPAIR[column], seccomp._SETSOCKOPT[column]
    network, clone = seccomp._SOCKET[column], seccomp._CLONE[column]
    for kind in (STREAM, STREAM | CLOEXEC):
        assert answer(machine, pair, 1, kind) == ALLOWED
    for kind in (DGRAM, DGRAM | CLOEXEC, 5):
        assert answer(machine, pair, 1, kind) == EPERM
    assert [answer(machine, option, 3, 1, name) for name in (7, 8, 32, 33)] == [EPERM] * 4
    assert answer(machine, option, 3, 1, 2) == ALLOWED  # SO_REUSEADDR
    assert [answer(machine, network, family, STREAM) for family in (2, 10)] == [ALLOWED] * 2
    assert [answer(machine, network, family, STREAM) for family in (1, 16, 17)] == [
        EAFNOSUPPORT
    ] * 3
    assert answer(machine, clone, 0x11) == ALLOWED
    assert answer(machine, clone, 0x10000011) == EPERM  # a user namespace
    assert answer(machine, seccomp._DENIED["ptrace"][column]) == EPERM
    assert answer(machine, {"x86_64": 0, "aarch64": 63}[machine]) == ALLOWED  # read
