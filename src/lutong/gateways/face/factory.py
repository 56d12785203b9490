"""The face service that this installation uses, one client a process."""

from functools import lru_cache
from pathlib import Path

from lutong.gateways.face.keys import load_face_config
from lutong.gateways.face.port import FaceService
from lutong.gateways.face.real import FaceClient


@lru_cache(maxsize=4)
def face_service(*, home: Path, base_url: str) -> FaceService:
    """The service at `base_url` with the keys kept in `home`."""
    return FaceClient(load_face_config(home, base_url))
