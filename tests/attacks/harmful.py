"""Notebooks that reach for what is not theirs, or use more than they may: one entry each.

A probe prints ``GOT`` when it succeeded; no notebook may show that.
"""

from tests.attacks.hostile import Attack


def _probe(body: str) -> str:
    """Return code that prints GOT if `body` runs through, and swallows what it raises."""
    lines = "\n".join("    " + line for line in body.split("\n"))
    return f"try:\n{lines}\n    print('GO' + 'T')\nexcept BaseException as e:\n    print(type(e))"


def _reach(name: str, body: str, **rest: str) -> Attack:
    return Attack(name, _probe(body), silent="GOT", **rest)


REACH = [
    _reach("import autograder", "import autograder"),
    _reach("import the hidden tests", "from autograder.hidden_tests import withheld"),
    _reach("import the reference", "import autograder.reference"),
    _reach("import the judge", "import autograder.judge.session"),
    _reach("read the sources by path", "open('{ROOT}/source/01_sliding_window.py').read()"),
    _reach("list the repository", "import os\nassert os.listdir('{ROOT}/autograder')"),
    _reach("list the solutions", "import os\nassert os.listdir('{ROOT}/solutions')"),
    _reach("open the gradebook", "open('{ROOT}/gradebook.db', 'r+b')"),
    _reach(
        "write the gradebook where it could be",
        "import sqlite3\nsqlite3.connect('{ROOT}/gradebook.db').execute('create table t (a)')",
    ),
    _reach(
        "find a notebook or a database anywhere",
        "import os\n"
        "found = []\n"
        "for folder, inner, files in os.walk('/'):\n"
        "    inner[:] = [d for d in inner if 'python' not in d and 'packages' not in d]\n"
        "    found += [f for f in files if f.endswith('.ipynb') or f.startswith('gradebook')]\n"
        "print(found)\n"
        "assert found",
    ),
    _reach("read the judge's arguments", "open('/proc/self/cmdline').read()"),
    _reach("list processes", "import os\nassert os.listdir('/proc')"),
    _reach("read another process's memory", "open('/proc/1/mem', 'rb').read(1)"),
    _reach(
        "find the secret in memory",
        "import gc\n"
        "needle = 'the withheld ' + 'sum'\n"
        "assert any(needle in text for held in gc.get_objects() if type(held) is dict\n"
        "           for text in list(held.values()) if type(text) is str and text != needle)",
    ),
    _reach(
        "read the tests in the frames below",
        "import sys\n"
        "frame = sys._getframe()\n"
        "seen = ''\n"
        "while frame:\n"
        "    seen += repr(frame.f_locals)\n"
        "    frame = frame.f_back\n"
        "assert 'withheld ' + 'sum' in seen",
    ),
    _reach(
        "read the tests in the history",
        "assert any('assert' in text for text in In[:-1])",
    ),
    _reach(
        "read the environment",
        "import os\n"
        "assert any(word in key + value for key, value in os.environ.items()\n"
        "           for word in ('NBGRADER', 'AUTOGRADE', 'GRADE', 'SECRET', 'JPY', '{ROOT}'))",
    ),
    _reach("write into course", "open(__import__('course').__file__, 'a')"),
    _reach("write into numpy", "open(np.__file__, 'a')"),
    _reach("write at the root", "open('/mark', 'w')"),
    _reach("connect to the loopback", "import socket\nsocket.create_connection(('127.0.0.1', 22))"),
    _reach(
        "serve on the loopback",
        "import socket\n"
        "a = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(a.getsockname(), 1)",
    ),
    _reach("look up a name", "import socket\nsocket.getaddrinfo('example.org', 80)"),
    _reach("open a raw socket", "import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    _reach("talk to the virtual machine", "import socket\nsocket.socket(40, 1)"),
    _reach("ask the kernel by netlink", "import socket\nsocket.socket(socket.AF_NETLINK, 3)"),
    _reach("listen at a Unix socket", "import socket\nsocket.socket(socket.AF_UNIX)"),
    _reach("become root", "import os\nos.setuid(0)"),
    _reach("raise a limit", "import resource as r\nr.setrlimit(r.RLIMIT_NPROC, (9999, 9999))"),
    _reach(
        "raise the memory limit",
        "import resource as r\nr.setrlimit(r.RLIMIT_AS, (r.RLIM_INFINITY, r.RLIM_INFINITY))",
    ),
    _reach("make a namespace", "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0"),
    _reach(
        "mount something",
        "import ctypes\nassert ctypes.CDLL(None).mount(b't', b'/scratch', b'tmpfs', 0, b'') == 0",
    ),
    _reach("trace a process", "import ctypes\nassert ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0"),
    _reach("change the root", "import os\nos.chroot('/scratch')"),
    _reach("signal the keeper", "import os\nos.kill(os.getppid(), 9)\nassert os.getppid() > 0"),
    _reach("run a shell", "import subprocess\nsubprocess.check_call('true', shell=True)"),
    _reach("take memory that no limit counts", "import os\nos.memfd_create('x')"),
]

FORGE = """
import os, socket, struct, json, stat
def channels():
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                yield fd
        except OSError:
            pass
def frame(message):
    text = json.dumps(message).encode()
    return struct.pack('=II', len(text), 0) + text
"""

CHANNEL = [
    Attack(
        "forged replies on the channel",
        FORGE + "for fd in channels():\n"
        "    for n in range(200):\n"
        "        os.write(fd, frame({'op': 'ran', 'outputs': [], 'cut': False, 'error': '',\n"
        "                            'n': n, 'kinds': {}, 'value': 6, 'score': 10}))",
        status="partly graded",
        says="sent something that is no answer",
    ),
    Attack(
        "forged answers during a call",
        FORGE,
        {
            "total": "def total(x):\n"
            "    for fd in channels():\n"
            "        for n in range(200):\n"
            "            os.write(fd, frame({'op': 'result', 'n': n, 'value': 6}))\n"
            "    return 1"
        },
    ),
    Attack(
        "frame of two gigabytes announced",
        FORGE + "for fd in channels():\n    os.write(fd, struct.pack('=III', 9, 1, 2**31))",
        status="partly graded",
    ),
    Attack(
        "rubbish on the channel",
        FORGE + "for fd in channels():\n    os.write(fd, b'\\xff' * 4096)",
        status="partly graded",
    ),
    Attack(
        "deeply nested frame",
        FORGE + "text = b'{\"op\":' + b'[' * 100_000\n"
        "for fd in channels():\n    os.write(fd, struct.pack('=II', len(text), 0) + text)",
        status="partly graded",
    ),
    Attack(
        "channel closed",
        FORGE + "for fd in channels():\n    os.close(fd)",
        status="partly graded",
    ),
    Attack(
        "array of a forged shape and type",
        FORGE,
        {
            "total": "def total(x):\n"
            "    import learnerside.codec as c\n"
            "    c.Encoder.raw = lambda self, v: {'d': 'O', 's': [1 << 39, 1 << 39], 'b': 0}\n"
            "    return np.zeros(3)",
            "scale": "def scale(x, k):\n"
            "    import sys\n"
            "    module = sys.modules['learnerside.learner']\n"
            "    module.Received.view_of = lambda self, v: {'t': 'view', 'k': 0, 'd': '<f8',\n"
            "        'o': 0, 's': [3], 'st': [1 << 30]}\n"
            "    return np.zeros(3)",
        },
    ),
    Attack(
        "function called that was never passed",
        FORGE,
        {
            "total": "def total(x):\n"
            "    for fd in channels():\n"
            "        os.write(fd, frame({'op': 'callback', 'id': 7, 'args': [], 'kwargs': {}}))\n"
            "    return 6"
        },
    ),
]

EXHAUST = [
    Attack("endless loop", "while True: pass", status="partly graded", says="longer than 1.5 s"),
    Attack(
        "loop that swallows KeyboardInterrupt",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        status="partly graded",
        says="longer than 1.5 s",
    ),
    Attack(
        "loop that ignores every signal",
        "import signal\n"
        "for s in signal.valid_signals():\n"
        "    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "while True: pass",
        status="partly graded",
        says="longer than 1.5 s",
    ),
    Attack(
        "endless sleep",
        "import time\ntime.sleep(1e6)",
        status="partly graded",
        says="longer than 1.5 s",
    ),
    Attack("os._exit", "import os\nos._exit(0)", status="partly graded", says="exit code 0"),
    Attack("os.abort", "import os\nos.abort()", status="partly graded", says="crashed"),
    Attack("signal to the whole group", "import os\nos.kill(0, 9)\nos.killpg(0, 9)"),
    Attack("signal to everybody", "import os\nos.kill(-1, 9)"),
    Attack("memory error in C", "import ctypes\nctypes.string_at(0)", status="partly graded"),
    Attack("quit", "quit()"),
    Attack("exit", "exit()"),
    Attack("SystemExit", "raise SystemExit"),
    Attack("sys.exit in a thread", "import sys, _thread\n_thread.start_new_thread(sys.exit, ())"),
    Attack(
        "fork bomb",
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        status="partly graded",
        says="longer than 1.5 s",
    ),
    Attack(
        "thousand threads",
        "import threading, time\n"
        "for _ in range(1000):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    ),
    Attack("memory bomb at once", "x = bytearray(10**11)", status="partly graded", says="memory"),
    Attack(
        "memory bomb by and by",
        "x = []\nwhile True:\n    x.append(bytearray(10**7))",
        status="partly graded",
        says="memory",
    ),
    Attack(
        "memory bomb in many processes",
        "import os, time\n"
        "for _ in range(8):\n"
        "    if os.fork() == 0:\n"
        "        x = bytearray(b'x' * (100 << 20))\n"
        "        time.sleep(60)\n"
        "time.sleep(60)",
        status="partly graded",
        says="memory",
    ),
    Attack(
        "sockets filled with data that nobody reads",
        "import os, socket\n"
        "for _ in range(60):\n"
        "    try:\n"
        "        if os.fork() == 0: break\n"
        "    except OSError: break\n"
        "held = []\n"
        "try:\n"
        "    while True:\n"
        "        held += socket.socketpair()\n"
        "        for end in held[-2:]:\n"
        "            end.setblocking(False)\n"
        "            try:\n"
        "                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)\n"
        "                print('larger buffers')\n"
        "            except OSError: pass\n"
        "            try:\n"
        "                while end.send(bytes(4096)): pass\n"
        "            except BlockingIOError: pass\n"
        "except OSError as e:\n"
        "    print(len(held) <= 64, e.errno)",
        says="True 24",
        silent="larger buffers",
    ),
    Attack("20 MB of output", "print('x' * 20_000_000)", says="output cut"),
    Attack(
        "20 MB of output, line by line",
        "for _ in range(20_000):\n    print('x' * 1000)",
        says="output cut",
    ),
    Attack(
        "20 MB of displays",
        "from IPython.display import display\n"
        "for _ in range(200):\n"
        "    display({'text/plain': 'x' * 100_000}, raw=True)",
        says="output cut",
    ),
    Attack(
        "files until nothing fits",
        "import os\n"
        "try:\n"
        "    for i in range(1000):\n"
        "        open(f'fill{i}', 'wb').write(b'x' * (1 << 20))\n"
        "except OSError as e:\n"
        "    print('full', i < 100)",
        says="full True",
    ),
    Attack(
        "deep recursion",
        # Each call keeps a KiB, so that memory ends sooner; of fewer calls the error can be shown.
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(x): f(bytes(1000))\nf(0)",
        status="either",  # one Python crashes, another raises MemoryError
    ),
    Attack("answer of 200 MB", answers={"total": "def total(x): return np.zeros(25 << 20)"}),
    Attack(
        "answer of ten million numbers",
        answers={"total": "def total(x): return [6] * 10**7"},
        says="more than 100000 values",
    ),
    Attack(
        "answer of colliding whole numbers",
        answers={"total": "def total(x): return {i * ((1 << 61) - 1) for i in range(20_000)}"},
        says="more than 500 entries of sets and dicts",
    ),
    Attack(
        "answer of tuples in tuples",
        answers={
            "total": "def total(x):\n"
            "    d = ()\n"
            "    for _ in range(36): d = (d,)\n"
            "    return [d] * 2600",
        },
        says="more than 200000 values",
    ),
    Attack("number of a million digits", answers={"total": "def total(x): return 10**10**6"}),
    Attack("text of 100 MB", answers={"total": "def total(x): return 'x' * 10**8"}),
    Attack(
        "answer that keeps growing",
        answers={"total": "def total(x):\n    grow = []\n    while True: grow.append('x' * 10**6)"},
    ),
]
