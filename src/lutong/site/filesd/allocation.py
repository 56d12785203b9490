"""One setting of the C library that decides the speed of large transfers."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # names of glibc's mallopt
KEEP = 32 * 1024 * 1024  # bytes


def keep_buffers() -> None:
    """Let glibc keep freed buffers for the next batch.

    By default it hands each large buffer back to the kernel, which zeroes fresh pages for the next one: about a
    quarter of a second of CPU per 100 MB. Other C libraries have no such switch and are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, KEEP)
        mallopt(_TRIM_THRESHOLD, 2 * KEEP)
