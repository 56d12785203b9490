"""Papers: Chinese is set, user text is only text, the bytes are PDF/A and reproducible."""

import datetime as dt
import io
import time
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from lutong.gateways import typesetting

NOW = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)
SUMMONS = {
    "court": "北京市朝阳区人民法院",
    "title": "传票",
    "number": "（2026）京0105民初12345号",
    "to": "张三",
    "mark": "演示数据",
    "blocks": [
        {"fields": [["案由", "民间借贷纠纷"], ["应到时间", "2026年12月8日 09:30"]]},
        {"text": "本院受理的民间借贷纠纷一案，定于上述时间开庭审理。\n请准时到庭。"},
        {"heading": "注意事项"},
        {"items": ["携带身份证件", "无正当理由拒不到庭的，可以缺席判决"]},
        {"table": {"head": ["序号", "材料", "SM3"], "rows": [["1", "起诉状副本", "5be2 90a7"]], "widths": [1, 3, 3]}},
    ],
    "sign": {"people": ["书记员 李四"], "by": "北京市朝阳区人民法院", "date": "2026年11月21日", "seal": True},
}  # fmt: skip


def render(data: dict[str, object], template: str = "paper") -> bytes:
    return typesetting.render(template, data, now=NOW)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "\n")


def test_a_paper_shows_what_it_was_given() -> None:
    text = words(render(SUMMONS))
    for wanted in ("北京市朝阳区人民法院", "传票", "（2026）京0105民初12345号", "应到时间", "一、携带身份证件",
                   "第 1 页 共 1 页", "律通为开源软件，并非官方诉讼服务平台", "此处加盖电子印章"):  # fmt: skip
        assert wanted in text


def test_it_is_pdf_a_2b_with_its_fonts_inside() -> None:
    with pikepdf.open(io.BytesIO(render(SUMMONS))) as document:
        meta = document.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
        assert "传票" in str(meta["dc:title"])


def test_the_same_paper_is_the_same_bytes() -> None:
    assert render(SUMMONS) == render(SUMMONS)


@pytest.mark.parametrize(
    "evil",
    [
        '#import "@preview/x:1.0.0"', "#panic()", "*粗* _斜_ $x^2$ `raw` <label> @ref \\ // 注 /* */ = 标题",
        '#read("/kernel/actor.py")', '"); #panic("', "{{data}} ${x} %s", "- 列表\n+ 列表",
    ],
)  # fmt: skip
def test_user_text_is_never_markup(evil: str) -> None:
    shown = words(render({"title": evil, "blocks": [{"text": evil}, {"items": [evil]}]}))
    first = evil.split("\n")[0].replace(" ", "")
    assert first in shown.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    "odd", ["a\0b\x01c", "\ud83d", "\u202e反\u202c", "﷽", "\ufffe", "𬭎龘", "😀", "\ue000", "长" * 20_000]
)
def test_no_text_can_break_a_paper(odd: str) -> None:
    pdf = render({"title": "收据", "blocks": [{"text": f"甲{odd}乙"}]})
    text = words(pdf)
    assert "甲" in text
    assert "乙" in text
    assert "\u202e" not in text


def test_a_character_without_a_typeface_becomes_a_geta_mark() -> None:
    pdf = render({"blocks": [{"text": "某﷽某"}]})
    assert "某〓某" in words(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.open_metadata()["pdfaid:part"] == "2"


def test_long_papers_count_their_pages() -> None:
    rows = [[str(n), "银行流水", "x"] for n in range(200)]
    pdf = render({"title": "证据目录", "blocks": [{"table": {"head": ["号", "名", "备注"], "rows": rows}}]})
    pages = len(pypdfium2.PdfDocument(pdf))
    assert pages > 3
    assert f"共 {pages} 页" in words(pdf)


def test_a_missing_template_is_the_programmers_error() -> None:
    for name in ("nothing", "../../../../etc/passwd", "../typesetter"):
        with pytest.raises(typesetting.TypesettingError):
            render({}, name)


def test_a_broken_template_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting.typesetter, "PACKAGE", tmp_path)
    (tmp_path / "bad.typ").write_text("#unknown")
    with pytest.raises(typesetting.TypesettingError):
        typesetting.render("bad", {}, now=NOW, templates=tmp_path)


def test_a_warm_typesetter_is_quick() -> None:
    render(SUMMONS)
    start = time.process_time()
    for number in range(5):
        render(SUMMONS | {"number": str(number)})
    assert (time.process_time() - start) / 5 < 0.25


def test_the_doctor_can_ask_for_fonts() -> None:
    assert typesetting.fonts_found()
