"""What a provincial bureau of justice reports, as it does: over its signed feed, with its own program."""

import os
import subprocess
import sys

from tests.support.journeys import Product

WITHIN = 60.0  # seconds, from the bureau's report to the last door shut
REASON = "受到停止执业一个月的行政处罚"


def report(product: Product, kind: str, licence_no: str, *more: str) -> None:
    """上海市司法局 reports a decision on one of its lawyers."""
    done = subprocess.run(
        [sys.executable, "-m", "lutong.verification.bureau", "--bureau", "31", "send", kind, licence_no, *more],
        env={**os.environ, "LUTONG_HOME": str(product.home), "LUTONG_PORT": str(product.port)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def suspend(product: Product, licence_no: str) -> None:
    """停止执业 for a month, with its reason."""
    report(product, "suspend", licence_no, "--days", "30", "--reason", REASON)
