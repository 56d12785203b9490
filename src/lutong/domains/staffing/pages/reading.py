"""A file of people as a table of words: CSV in UTF-8 or GBK, or the first sheet of an XLSX."""

import csv
import io
import zipfile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES, MOST_UNPACKED, MOST_LINES = 3_000_000, 60_000_000, 2_100
BROKEN = "XLSX 文件已损坏，请重新保存后再试"


def table_of(*, name: str, data: bytes) -> list[list[str]]:
    """The cells as text. Raises ValueError with a sentence for whoever sent the file."""
    if len(data) > MOST_BYTES:
        raise ValueError("文件超过 3 MB，请分几次导入")
    if data[:2] == b"PK":
        return _of_xlsx(data)
    if name.lower().endswith((".xls", ".xlsx")):
        raise ValueError("这不是 XLSX 文件，请用电子表格软件另存为 XLSX 或 CSV")
    return _of_csv(data)


def _of_csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            lines = list(csv.reader(io.StringIO(data.decode(encoding))))
        except (UnicodeDecodeError, csv.Error):
            continue
        return [[cell.replace("\x00", "") for cell in line] for line in lines[:MOST_LINES]]
    raise ValueError("读不出内容，请存为 UTF-8 编码的 CSV 或 XLSX")


def _of_xlsx(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            too_large = sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED
    except zipfile.BadZipFile:
        raise ValueError(BROKEN) from None
    if too_large:
        raise ValueError("文件展开后过大，请分几次导入")
    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        lines = sheet.iter_rows(max_row=MOST_LINES, max_col=20, values_only=True)
        return [["" if cell is None else _plain(cell) for cell in line] for line in lines]
    except (InvalidFileException, KeyError, IndexError, SyntaxError, TypeError, AttributeError, ValueError):
        raise ValueError(BROKEN) from None


def _plain(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
