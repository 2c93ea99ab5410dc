"""Each guarantee of the sandbox, asked from inside a learner's process."""

import time
from dataclasses import replace

import pytest

from autograder.judge.host import ROOT
from autograder.judge.process import Lost, Process
from autograder.judge.view import inside as inside_view
from tests.autograder.judge import kit


@pytest.fixture
def inside(sandboxed):
    """A function that runs code in a fresh learner's process and returns what it printed."""
    processes = []

    def run(code: str, limits=kit.CALM) -> str:
        process = Process.fresh(sandboxed.zygote, limits)
        processes.append(process)
        reply = process.ask("run", {"code": code}, time.monotonic() + 20)
        return "".join(o.get("text", o.get("ename", "")) for o in reply["outputs"])

    yield run
    for process in processes:
        process.close()


HELD = {
    "no capability in any set": (
        "import ctypes\n"
        "head, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()\n"
        "ctypes.CDLL(None).capget(head, data)\n"
        "print(any(data))",
        "False",
    ),
    "no new privileges": ("import ctypes\nprint(ctypes.CDLL(None).prctl(39, 0, 0, 0, 0))", "1"),
    "a seccomp filter": ("import ctypes\nprint(ctypes.CDLL(None).prctl(21, 0, 0, 0, 0))", "2"),
    "not root": ("import os\nprint(os.getuid(), os.geteuid(), os.getgid())", "1000 1000 1000"),
    "no other group of root's": ("import os\nprint(0 in os.getgroups())", "False"),
    "first process of its own space": ("import os\nprint(os.getpid(), os.getppid())", "1 0"),
    "a process group of its own": ("import os\nprint(os.getpgid(0), os.getsid(0))", "1 1"),
    "no network interface that is up": (
        "import socket\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try: s.connect(('127.0.0.1', 9)); print('reached')\n"
        "except OSError as e: print(e.errno)",
        "101",
    ),
    "no /proc": ("import os\nprint(os.path.exists('/proc'))", "False"),
    "no shell": ("import os\nprint(os.path.exists('/bin/sh'))", "False"),
    "a root of its own": (
        "import os\nprint({'boot', 'var', 'sys', 'proc', 'run'} & set(os.listdir('/')))",
        "set()",
    ),
    "a root that cannot be written": (
        "import os\n"
        "for top in ('/', '/srv', '/usr/lib', '/dev', '/etc', '/cache', '/opt/learnerside'):\n"
        "    try: open(top + '/mark', 'w'); print('wrote', top)\n"
        "    except OSError: pass\n"
        "print('done')",
        "done",
    ),
    "a host name of no machine": ("import socket\nprint(socket.gethostname())", "sandbox"),
    "its own System V memory": (
        "import ctypes\nprint(ctypes.CDLL(None).shmget(1, 4096, 0o1600))",
        "-1",
    ),
    "no core files": (
        "import resource as r\nprint(r.getrlimit(r.RLIMIT_CORE))",
        "(0, 0)",
    ),
    "no terminal": ("import os\nprint(any(os.isatty(i) for i in range(20)))", "False"),
    "one open socket, its channel": (
        "import os, stat\n"
        "held = []\n"
        "for i in range(256):\n"
        "    try: held.append(stat.S_ISSOCK(os.fstat(i).st_mode))\n"
        "    except OSError: pass\n"
        "print(sum(held), len(held))",
        "1 4",
    ),
    "no larger socket than usual": (
        "import socket\n"
        "a, b = socket.socketpair()\n"
        "for name in ('SO_SNDBUF', 'SO_RCVBUF', 'SO_SNDBUFFORCE', 'SO_RCVBUFFORCE'):\n"
        "    number = {'SO_SNDBUFFORCE': 32, 'SO_RCVBUFFORCE': 33}.get(name)\n"
        "    try: a.setsockopt(socket.SOL_SOCKET, number or getattr(socket, name), 1 << 20)\n"
        "    except OSError as e: print(e.errno, end=' ')",
        "1 1 1 1",
    ),
    "no Unix socket but a connected pair": (
        "import socket as s\n"
        "for kind in (s.SOCK_STREAM, s.SOCK_DGRAM, s.SOCK_SEQPACKET):\n"
        "    for make in (s.socket, s.socketpair):\n"
        "        for flag in (0, s.SOCK_NONBLOCK, s.SOCK_CLOEXEC):\n"
        "            try: make(s.AF_UNIX, kind | flag); print(kind, make.__name__)\n"
        "            except OSError: pass",
        "1 socketpair\n1 socketpair\n1 socketpair",
    ),
    "few open files": (
        "import os\n"
        "n = 0\n"
        "try:\n"
        "    while True: n = os.dup(0)\n"
        "except OSError as e: print(n, e.errno)",
        "63 24",
    ),
    "sockets for asyncio, pipes for processes": (
        "import asyncio, multiprocessing, subprocess, sys\n"
        "async def main():\n"
        "    call = (sys.executable, '-c', 'print(3)')\n"
        "    made = await asyncio.create_subprocess_exec(*call, stdout=subprocess.PIPE)\n"
        "    return int((await made.communicate())[0]) + await asyncio.to_thread(abs, -1)\n"
        "with multiprocessing.get_context('fork').Pool(8) as pool:\n"
        "    print(asyncio.run(main()), pool.map(abs, [-1]))",
        "4 [1]",
    ),
    "a clean environment": (
        "import os\nprint([k for k in os.environ if k.startswith(('PYTEST', 'JUPYTER', 'SSH'))])",
        "[]",
    ),
    "course, and not autograder": (
        "from importlib.util import find_spec\n"
        "print([bool(find_spec(name)) for name in ('course', 'autograder')])",
        "[True, False]",
    ),
    "one thread for linear algebra": ("import os\nprint(os.environ['OMP_NUM_THREADS'])", "1"),
}


@pytest.mark.parametrize(("code", "printed"), HELD.values(), ids=HELD.keys())
def test_inside_there_is(inside, code, printed):
    """Does the learner's process find what it should, and nothing else?"""
    assert inside(code).strip() == printed


def test_the_repository_is_not_there(inside):
    """Is no folder of the repository but `course` and the learner's side in sight?"""
    code = (
        f"import os\nprint([n for n in ('autograder', 'source', 'solutions', 'tests', '.git')\n"
        f"       if os.path.exists(os.path.join({str(ROOT)!r}, n))])"
    )
    assert inside(code).strip() == "[]"


def test_files_are_private_and_capped(inside):
    """Is the learner's folder empty for each submission, and limited in size?"""
    fill = (
        "import os\n"
        "print(os.listdir('.'))\n"
        "n = 0\n"
        "try:\n"
        "    while n < 1000:\n"
        "        open(f'f{n}', 'wb').write(bytes(1 << 20))\n"
        "        n += 1\n"
        "except OSError as e:\n"
        "    print(n < 20, e.errno)"
    )
    limits = replace(kit.CALM, tmp_bytes=16 << 20)
    assert inside(fill, limits).split("\n")[:2] == ["[]", "True 28"]
    assert inside(fill, limits).split("\n")[:2] == ["[]", "True 28"]


def test_one_file_is_capped(inside):
    """Is a single file limited too?"""
    code = (
        "import signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n"
        "    with open('f', 'wb') as f:\n"
        "        f.write(bytes(3 << 20))\n"
        "except OSError as e:\n"
        "    print(e.errno)"
    )
    assert inside(code, replace(kit.CALM, file_bytes=2 << 20)).strip() == "27"


def test_memory_is_capped(inside):
    """Does asking for more than the limit raise MemoryError, and less work?"""
    limits = replace(kit.CALM, memory=200 << 20)
    code = "a = bytearray(100 << 20)\nprint('fits')\nb = bytearray(200 << 20)"
    assert inside(code, limits) == "fits\nMemoryError"


def test_processes_are_capped(inside):
    """Does forking end at the limit?"""
    code = (
        "import os, time\n"
        "n = 0\n"
        "try:\n"
        "    while n < 100:\n"
        "        if os.fork() == 0:\n"
        "            time.sleep(60)\n"
        "        n += 1\n"
        "except OSError as e:\n"
        "    print(0 < n < 20, e.errno)"
    )
    assert inside(code, replace(kit.CALM, processes=20)).strip() == "True 11"


def test_nothing_is_left_for_the_next(inside):
    """Does a new process know nothing of what the one before did?"""
    inside("import builtins, sys\nbuiltins.mark = 1\nsys.modules['mark'] = sys\nopen('m', 'w')")
    told = inside(
        "import os, sys\nprint('mark' in sys.modules, os.path.exists('m'), 'mark' in dir())"
    )
    assert told.strip() == "False False False"


def test_random_numbers_differ_between_submissions(inside):
    """Is the forked state of the generators made anew?"""
    code = "import random, numpy\nprint(random.random(), numpy.random.rand())"
    first, second = inside(code).split(), inside(code).split()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_a_killed_judge_leaves_no_learner(sandboxed):
    """Does the learner's process end when the judge's ends of its sockets close?"""
    process = Process.fresh(sandboxed.zygote, kit.CALM)
    process.tell({"op": "run", "n": 1, "code": "while True: pass"}, [], time.monotonic() + 1)
    process.close()
    with pytest.raises(Lost):
        process.ask("run", {"code": "1"}, time.monotonic() + 1)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{process.root}/stat"):
                continue
        except OSError:
            return
    pytest.fail("the learner's process is still there")


def test_what_is_inside_can_be_listed(sandboxed):
    """Does `doctor --inside` show the folders, environment and limits, and nothing of ours?"""
    told = inside_view(kit.CALM)
    for line in ("/proc  not there", "/sys  not there", "/run  not there", "process 1", "  HOME="):
        assert line in told
    writable = [line for line in told.splitlines() if "can be written to" in line]
    assert [line.split()[0] for line in writable] == ["/scratch"]
    assert "of which sockets [" in told
    assert "autograder" not in told
