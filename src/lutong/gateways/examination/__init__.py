"""检查: what a file really is, whether a court can read it, and whether it may harm. Judged by content, not by name."""

from lutong.gateways.examination.examiner import Examiner
from lutong.gateways.examination.kinds import ALLOWED_EXTENSIONS, KINDS
from lutong.gateways.examination.verdict import Refused, Verdict
from lutong.gateways.sandbox import SealedFile

__all__ = ["ALLOWED_EXTENSIONS", "KINDS", "Examiner", "Refused", "SealedFile", "Verdict"]
