"""The verdict on a file, and every refusal with its sentence and its way out."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file was not taken. `sentence` follows “未接收：” on the page; `way_out` says what to do."""

    code: str
    sentence: str
    way_out: str

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "sentence": self.sentence, "way_out": self.way_out}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refusal` None and `pending` False: the file is good. `pending`: the malware scanner is down, ask again."""

    media_type: str = ""
    pages: int | None = None
    warnings: tuple[str, ...] = ()
    refusal: Refused | None = None
    pending: bool = False
    width: int | None = None  # pixels of the (first) image
    height: int | None = None

    @classmethod
    def refused(cls, code: str, **words: str) -> "Verdict":
        return cls(refusal=refusal(code, **words))

    @classmethod
    def from_child(cls, value: dict[str, Any]) -> "Verdict":
        """From the answer of the sandbox, which is not trusted: unknown codes and wrong types raise."""
        if "refused" in value:
            return cls.refused(str(value["refused"]), **{k: str(v)[:60] for k, v in value.get("words", {}).items()})
        return cls(
            media_type=str(value["media_type"]),
            pages=None if value["pages"] is None else int(value["pages"]),
            warnings=tuple(str(w)[:200] for w in value["warnings"])[:20],
            width=None if value.get("width") is None else int(value["width"]),
            height=None if value.get("height") is None else int(value["height"]),
        )


_CHANGE = "请转为 PDF、DOCX、JPG 或 PNG 后重新选择。"
_REFUSALS = {
    "encrypted": ("文件设有打开密码，法院无法阅看和归卷。", "请用 PDF 或办公软件去除密码后重新选择；已传内容未保留。"),
    "broken": ("文件已损坏或不完整，无法打开。", "请在本机打开确认，重新导出或扫描后再选择；已传内容未保留。"),
    "unreadable": ("文件结构异常，在限定的时间和内存内无法解析。", "请用常用软件打开后另存为新的 PDF，再重新选择。"),
    "empty_document": ("文件里没有任何页面。", "请检查导出设置后重新选择。"),
    "too_many_pages": ("文件超过 {limit} 页。", "请按目录拆分成几个文件后上传。"),
    "too_many_pixels": ("图片尺寸过大（超过 {limit} 万像素）。", "请以 300 DPI 重新扫描，或缩小后再选择。"),
    "executable": ("这是可执行程序或脚本，不能作为诉讼材料。", _CHANGE),
    "active_page": ("这是网页或矢量脚本文件，不能作为诉讼材料。", "请在浏览器中“打印为 PDF”后重新选择。"),
    "archive": ("这是压缩包，法院无法直接归卷。", "请解压后逐个上传。"),
    "old_office": ("这是旧版 Office 文件（.doc、.xls、.ppt）。", "请另存为 DOCX 或 PDF 后重新选择。"),
    "heic": ("这是 HEIC 照片，法院端无法打开。", "请在手机相册中导出为 JPG 后重新选择。"),
    "unknown_type": ("不能识别的文件类型{name}。", _CHANGE),
    "polyglot": ("文件同时具有两种格式的结构，无法确定其真实内容。", "请用常用软件打开后另存为新的 PDF，再重新选择。"),
    "bomb": ("文件解压后过大或层次过深。", "请用常用软件打开后另存为新的文件，再重新选择。"),
    "bad_entry": ("文件内部含有越界路径、链接或重复条目。", "请用常用软件打开后另存为新的文件，再重新选择。"),
    "macro": ("文件含有宏程序。", "请另存为不含宏的 DOCX 或 PDF 后重新选择。"),
    "hostile_xml": ("文件内部含有外部实体或实体展开，可能有害。", "请用常用软件打开后另存为新的文件，再重新选择。"),
    "malware": ("检出恶意代码（{name}）。", "请清除病毒后重新选择，并检查您的电脑；已传内容未保留。"),
}


def refusal(code: str, **words: str) -> Refused:
    """The refusal of this code; an unknown code is a bug and raises `KeyError`."""
    sentence, way_out = _REFUSALS[code]
    return Refused(code, sentence.format(**{"name": "", "limit": ""} | words), way_out)


def codes() -> frozenset[str]:
    return frozenset(_REFUSALS)
