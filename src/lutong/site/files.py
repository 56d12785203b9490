"""The file process: `uvicorn lutong.site.files:application`. Uploads by tus at /uploads, bytes at /f/<ticket>.

LUTONG_MAX_FILE_MB      largest upload in megabytes (default 500)
LUTONG_UPLOADS          directory of unfinished uploads (default `home`/uploads); a disk of this machine
LUTONG_CLAMD            socket path or host:port of clamd; empty: no malware scan
LUTONG_CLAMD_DOWN       `wait` (default): files wait for the scan · `accept`: take them with a warning
"""

import os
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured

from lutong.gateways import objectstore
from lutong.gateways.examination import Examiner
from lutong.site import config as configuration
from lutong.site.filesd.allocation import keep_buffers
from lutong.site.filesd.application import build
from lutong.site.filesd.completion import Desk, Limits
from lutong.site.filesd.sessions import Sessions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lutong.site.settings")
django.setup()


def make_desk() -> Desk:
    """Everything the protocol needs, as this installation is set up."""
    from lutong.site.filesd.dossierledger import DossierLedger

    keep_buffers()
    config = configuration.load()
    vault = objectstore.vault()
    when_down = os.environ.get("LUTONG_CLAMD_DOWN", "wait")
    if when_down not in ("wait", "accept"):
        raise ImproperlyConfigured("LUTONG_CLAMD_DOWN must be wait or accept")
    return Desk(
        ledger=DossierLedger(),
        sessions=Sessions(objectstore.Spool(Path(os.environ.get("LUTONG_UPLOADS") or config.home / "uploads")), vault),
        vault=vault,
        examiner=Examiner(clamd=os.environ.get("LUTONG_CLAMD") or None, accept_unscanned=when_down == "accept"),
        limits=Limits(file_bytes=int(os.environ.get("LUTONG_MAX_FILE_MB", "500")) * 1_000_000),
        address=config.files_url,
    )


def web_origins() -> frozenset[str]:
    """Where our own pages come from; on one machine under both of its names."""
    config = configuration.load()
    return frozenset({config.web_url, f"http://localhost:{config.web_port}", f"http://127.0.0.1:{config.web_port}"})


application = build(make_desk, origins=web_origins())
