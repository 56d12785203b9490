"""A child process that must not outlive its parent, even when the parent is killed."""

import ctypes
import os
import signal
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def tie_to_parent(signum: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when the thread that started it ends. For preexec_fn.

    A change of user clears the wish, so call it after setuid.
    """
    _libc.prctl(PR_SET_PDEATHSIG, signum)


def exit_after_parent(grace: float) -> None:
    """Wait until the parent ends, then `grace` seconds, then leave at once; for a thread of the child.

    For a process whose own orderly end may wait for a database that has gone, too.
    """
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    time.sleep(grace)
    os._exit(1)
