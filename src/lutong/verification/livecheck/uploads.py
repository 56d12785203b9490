"""Uploads to this service: small, in memory, never on the disk unsealed."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from lutong.verification.livecheck.rules import LARGEST_FILM


class InMemoryOnly(FileUploadHandler):
    """The only handler of this service (settings): a film is held in memory; what is too large is let pass by.

    `too_large` stays set on the handler, so that the page can say so; the other fields of the form are read as usual.
    """

    too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > LARGEST_FILM:
            self.too_large, self._held = True, BytesIO()
            raise SkipFile
        self._held.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if file_size > LARGEST_FILM:
            return None
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )
