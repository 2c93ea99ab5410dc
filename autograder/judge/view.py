"""What a learner's process sees: ``python -m autograder doctor --inside``."""

import time

from autograder.judge.launch import Zygote
from autograder.judge.limits import Limits
from autograder.judge.process import Process

# Run by the learner's process itself, so that nothing is told that does not hold there.
_LOOK = """
import os, resource, socket, stat
def _kind(path):
    if os.path.islink(path):
        return 'link to ' + os.readlink(path)
    mode = os.lstat(path).st_mode
    if stat.S_ISCHR(mode):
        return 'device'
    writes = 'can be written to' if os.access(path, os.W_OK) else 'read-only'
    return f'{writes}, {len(os.listdir(path))} entries' if os.path.isdir(path) else writes
for top in ('/', '/dev', '/etc', '/opt', '/srv'):
    print(f'{top}')
    for name in sorted(os.listdir(top)) if os.path.isdir(top) else ():
        path = os.path.join(top, name)
        print(f'  {path}  {_kind(path)}')
for top in ('/proc', '/sys', '/run', '/home', '/root', '/var'):
    print(f"{top}  {'there' if os.path.exists(top) else 'not there'}")
print('environment')
for name in sorted(os.environ):
    print(f'  {name}={os.environ[name]}')
print(f'user {os.getuid()}, group {os.getgid()}, process {os.getpid()}, parent {os.getppid()}')
print(f'host name {socket.gethostname()}')
names = ('AS', 'CPU', 'NPROC', 'FSIZE', 'NOFILE', 'CORE', 'MEMLOCK', 'MSGQUEUE')
of = {name: resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[1] for name in names}
print('limits', of)
opened = []
for number in range(64):
    try:
        opened.append((number, stat.S_ISSOCK(os.fstat(number).st_mode)))
    except OSError:
        pass
print('open files', [n for n, _ in opened], 'of which sockets', [n for n, s in opened if s])
"""


def inside(limits: Limits) -> str:
    """Return what a fresh learner's process in the sandbox says that it sees.

    Raises
    ------
    CannotIsolate : where this machine has no sandbox
    """
    with Zygote(limits, sandbox=True) as zygote:
        zygote.wait()
        process = Process.fresh(zygote, limits)
        try:
            reply = process.ask("run", {"code": _LOOK}, time.monotonic() + 20.0)
        finally:
            process.close()
    return "".join(output.get("text", "") for output in reply["outputs"])
