"""File names as people gave them: shown, never used as a path."""

import re
import unicodedata

LONGEST = 120  # characters of a display name
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, direction overrides, zero width, broken halves


def cleaned(raw: str) -> str:
    """A name that is safe to show and to save under: no folders, no invisible or turning characters, not too long."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    seen = "".join(" " if c.isspace() else c for c in base if unicodedata.category(c) not in _UNSEEN)
    name = re.sub(r" +", " ", re.sub(r'[<>:"|?*]', "_", seen)).strip(" .")
    if len(name) > LONGEST:
        stem, dot, extension = name.rpartition(".")
        suffix = dot + extension if stem and len(extension) <= 8 else ""
        name = name[: LONGEST - 1 - len(suffix)].rstrip() + "…" + suffix
    return name or "未命名文件"


def extension(name: str) -> str:
    """The lower-case extension without dot, empty if there is none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem and len(last) <= 8 else ""
