"""Write the statutory-holiday table of the package from PyPI chinesecalendar.

Run once a year, after the State Council's notice and a new release of the library:
    uv run python tools/write_holidays.py
The product itself never imports the library: it reads the file, which an operator can review line by line.
"""

import datetime as dt
import json
import sys
from importlib.metadata import version
from pathlib import Path

import chinese_calendar as source

TARGET = Path(__file__).parents[1] / "src/lutong/kernel/data/holidays.json"

# The State Council General Office's yearly notice 关于…年部分节假日安排的通知.
NOTICES = {
    2020: "国办发明电〔2019〕16号；春节假期延长：国办发明电〔2020〕1号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def chinese_name(day: dt.date) -> str:
    english = source.get_holiday_detail(day)[1]
    name: str = source.Holiday(english).chinese
    return NAMES.get(name, name)


def year_table(year: int) -> dict[str, object]:
    return {
        "notice": NOTICES[year],
        "holidays": {d.isoformat(): chinese_name(d) for d in sorted(source.holidays) if d.year == year},
        "workdays": [d.isoformat() for d in sorted(source.workdays) if d.year == year],
    }


def main() -> None:
    table = {
        "source": f"PyPI chinesecalendar {version('chinesecalendar')} (MIT), "
        "by the notice of 国务院办公厅 named per year; 2026 compared with the text of the notice",
        "law": "全国年节及纪念日放假办法",
        "years": {str(year): year_table(year) for year in NOTICES},
    }
    TARGET.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(NOTICES)} years\n")


if __name__ == "__main__":
    main()
