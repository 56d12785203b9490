"""How often somebody may call: counted in the memory of one process, against programs that went wild."""

import threading

SECONDS = 60


def wait(at: float) -> float:
    """Seconds from the instant `at` until the next minute begins, when the older calls count less and less."""
    return SECONDS - at % SECONDS


class Calls:
    """Calls of each subject in the present minute, and in the one before as far as it still reaches into the last 60 s.

    A dictionary and no timer: the libraries tried start a thread with nearly every call, which cost more than the
    rest of the door together.
    """

    def __init__(self) -> None:
        self._minute = 0
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._lock = threading.Lock()

    def admit(self, subject: str, most: int, at: float) -> bool:
        """Count a call at the instant `at` (seconds) unless `most` were admitted in the last minute."""
        minute, second = divmod(at, SECONDS)
        with self._lock:
            if minute != self._minute:
                self._before = self._now if minute == self._minute + 1 else {}
                self._now, self._minute = {}, int(minute)
            count = self._now.get(subject, 0)
            if count + self._before.get(subject, 0) * (1 - second / SECONDS) >= most:
                return False
            self._now[subject] = count + 1
            return True
