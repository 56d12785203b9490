"""Static files with a content hash in their names, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Falls back to the plain name when `collectstatic` has not run (tests, first minutes)."""

    manifest_strict = False
