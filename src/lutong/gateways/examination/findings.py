"""What inspectors say: a `Finding` that refuses, or what they `Found`."""

from dataclasses import dataclass, field


class Finding(Exception):
    """The file cannot be taken; `code` is one of the refusals."""

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass(slots=True)
class Found:
    pages: int | None = None
    warnings: list[str] = field(default_factory=list)
    width: int | None = None
    height: int | None = None
