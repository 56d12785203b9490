"""沙箱: parsers of foreign bytes run in throw-away processes with limits, no network and none of our secrets."""

from lutong.gateways.sandbox.host import Answer, Crashed, Sandbox
from lutong.gateways.sandbox.sealedfile import SealedFile, fetched

__all__ = ["Answer", "Crashed", "Sandbox", "SealedFile", "fetched"]
