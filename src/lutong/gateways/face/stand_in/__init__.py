"""人脸比对服务（替身）: says what it is told and looks at no face. Run it under uvicorn; it reads LUTONG_HOME."""

import os
from pathlib import Path

from lutong.gateways.face.stand_in.app import build

__all__ = ["application", "build"]

application = build(Path(os.environ.get("LUTONG_HOME", ".lutong")).resolve())
