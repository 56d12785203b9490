"""Static files with a content hash in their names, so that browsers may keep them for ever."""

from typing import Any
from urllib.parse import urlsplit

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Falls back to the plain name when `collectstatic` has not run (tests, first minutes)."""

    manifest_strict = False
    # One module, one address, or an island would be defined twice. Django rewrites imports that end in a semicolon.
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        if content is None and filename is None and not self.exists(urlsplit(name).path):
            return name
        return str(super().hashed_name(name, content, filename))
