"""案号: how a case number is written and read. Law: 法〔2015〕137号, amended by 法〔2018〕335号."""

import re
import unicodedata
from dataclasses import dataclass

from lutong.domains.courts.reference import type_codes
from lutong.kernel.errors import Invalid

_LONGEST = 120
_COURT = r"最高法|[京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新兵军](?:\d{4}|\d{2})?"
_NUMBER = re.compile(
    rf"（(?P<year>(?:19|20)\d{{2}})）(?P<court>{_COURT})(?P<type>[一-龥]{{1,4}}?)"
    r"(?P<serials>\d{1,8}(?:、\d{1,8}){0,99})号(?P<suffix>之[一二三四五六七八九十百]{1,4})?"
)
# Before 2016 each court wrote as it liked; 诉前调 numbers were given beside the standard until 2025.
_HISTORIC = re.compile(
    r"（(?:(?:19\d{2}|200\d|201[0-5])）[^（）]{1,30}?|20\d{2}）[^（）]{1,20}前调)"
    r"(?:第)?[1-9]\d*(?:[、-]\d+)*号(?:之[一二三四五六七八九十百]+)?"
)
_OPENING, _CLOSING = "([〔【〈{", ")]〕】〉}"


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in parts. One line of a document may name several cases: `serials` holds them all."""

    year: int
    court_code: str  # 法院代字
    special: str  # 专门审判代字: 知 or empty
    type_code: str  # 类型代字
    serials: tuple[int, ...]
    suffix: str = ""  # 之一, 之二 … of further rulings

    @property
    def serial(self) -> int:
        return self.serials[0]

    def __str__(self) -> str:
        serials = "、".join(str(serial) for serial in self.serials)
        return f"（{self.year}）{self.court_code}{self.special}{self.type_code}{serials}号{self.suffix}"

    def singles(self) -> tuple[str, ...]:
        """Each number written out by itself."""
        return tuple(
            str(CaseNumber(self.year, self.court_code, self.special, self.type_code, (serial,), self.suffix))
            for serial in self.serials
        )


def compose_case_number(*, year: int, court_code: str, type_code: str, serial: int, special: str = "") -> str:
    """Write a case number: （2026）京0105民初123号.

    `year` is the Beijing year of receipt. A wrong part is a programmer's error: ValueError.
    """
    text = f"（{year}）{court_code}{special}{type_code}{serial}号"
    if serial < 1 or type_code not in type_codes() or (number := parse_case_number(text)) is None:
        raise ValueError(f"not a case number: {text}")
    return str(number)


def parse_case_number(text: str) -> CaseNumber | None:
    """Read a case number of the form in use since 2016, or None for historic forms and anything else.

    Brackets of any kind, full-width digits, blanks and a comma between several numbers are forgiven.
    """
    match = _NUMBER.fullmatch(_tidy(text))
    if match is None:
        return None
    special, type_code = "", match["type"]
    if type_code not in type_codes():
        special, type_code = type_code[:1], type_code[1:]
        if special != "知" or type_code not in type_codes():
            return None
    serials = tuple(int(serial) for serial in match["serials"].split("、"))
    if 0 in serials or len(set(serials)) != len(serials):
        return None
    return CaseNumber(int(match["year"]), match["court"], special, type_code, serials, match["suffix"] or "")


def accept_case_number(text: str, *, field: str = "case_number", several: bool = True) -> str:
    """The case number as it shall be stored: put in order when it is of the form in use, kept when it is historic.

    With `several=False` a line naming more than one case is refused. Raises Invalid.
    """
    number = parse_case_number(text)
    if number is not None:
        if len(number.serials) > 1 and not several:
            sentence = f"这里只填一个案号；您填了{len(number.serials)}个，请分别填写，例如 {number.singles()[0]}"
            raise Invalid(f"案号：{sentence}", fields={field: sentence})
        return str(number)
    tidy = _tidy(text)
    if tidy and _HISTORIC.fullmatch(tidy):
        return tidy
    sentence = "请按文书上的写法填写，例如（2026）京0105民初123号"
    raise Invalid(f"案号：{sentence}", fields={field: sentence})


def _tidy(text: str) -> str:
    """Narrow digits, full-width round brackets, one comma, nothing invisible."""
    narrow = unicodedata.normalize("NFKC", text[:_LONGEST])
    kept = "".join(c for c in narrow if not c.isspace() and unicodedata.category(c)[0] != "C")
    for bracket in _OPENING:
        kept = kept.replace(bracket, "（")
    for bracket in _CLOSING:
        kept = kept.replace(bracket, "）")
    return re.sub(r"(?<=\d)[,，](?=\d)", "、", kept)
