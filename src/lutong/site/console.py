"""Words to the operator in the terminal: the one place that writes there."""

import sys


def say(sentence: str = "") -> None:
    """Tell the operator something; Chinese first."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def warn(sentence: str) -> None:
    """Tell the operator what is amiss."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
