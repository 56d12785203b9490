"""A whole roll from a table file: everything or nothing, and nothing readable at rest."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from lutong.kernel import clock
from lutong.kernel.identifiers import resident_id_check_digit, uscc_check_character
from lutong.site.embedded.connection import VERIFICATION
from lutong.verification.registry import loading, queries
from lutong.verification.registry.actors import service
from lutong.verification.registry.models import Change, Licence, LicenceEvent, Person
from tests.support.databases import Database


@pytest.fixture
def as_owner(committed_db: Database) -> Any:
    """The operator's role; the application may make no temporary table."""
    kept = dict(connections["default"].settings_dict)
    where = committed_db.conninfo(VERIFICATION.owner)
    connections.close_all()
    connections["default"].settings_dict.update(USER=where["user"], PASSWORD=where["password"])
    yield
    connections.close_all()
    connections["default"].settings_dict.update(USER=kept["USER"], PASSWORD=kept["PASSWORD"])


def row(place: int, **more: str) -> dict[str, str]:
    first = f"31110105MD{place % 40:07d}"
    person = f"11010518850101{place:03d}"
    return {
        "number": f"111052015103{place:05d}", "kind": "full_time", "name": "测试甲", "sex": "男",
        "id_number": person + resident_id_check_digit(person), "mobile": f"139{place:08d}",
        "firm_uscc": first + uscc_check_character(first), "firm_name": f"北京第{place % 40}律师事务所",
        "firm_kind": "law_firm", "city": "北京市", "granted_on": "2015-06-01",
        "document_no": f"京司许〔2015〕{place}号", "period_to": "", "supervisor_no": "", "scope": "", "region": "",
    } | more  # fmt: skip


def load(rows: list[dict[str, str]]) -> int:
    return loading.load(actor=service(), rows=rows, now=clock.now()).licences


def test_a_roll_comes_in_whole_with_history_and_sealed_numbers(as_owner: None) -> None:
    trainee = row(
        0, number="11052609219999", kind="trainee", period_to="2099-01-01", supervisor_no=row(7)["number"],
        id_number="11010518860101001" + resident_id_check_digit("11010518860101001"),
    )  # fmt: skip
    assert load([*(row(place) for place in range(300)), trainee]) == 301
    found = queries.get_licence(number=row(7)["number"])
    assert found is not None and (found.firm_name, found.may_practise) == ("北京第7律师事务所", True)
    assert queries.registered_mobile(number=row(7)["number"]) == row(7)["mobile"]
    assert LicenceEvent.objects.filter(source="load").count() == 301 and Change.objects.count() == 0
    assert Licence.objects.get(number="11052609219999").supervisor.number == row(7)["number"]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, mobile FROM registry_person")
        kept = b"".join(bytes(part) for pair in cursor.fetchall() for part in pair)
    assert row(7)["id_number"].encode() not in kept and row(7)["mobile"].encode() not in kept


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": "1"}, "行政区划"),
        ({"id_number": "110105188501010010"}, "校验位"),
        ({"kind": "flying"}, "flying"),
        ({"firm_kind": "company"}, "不能在公司执业"),
        ({"granted_on": "2015-02-30"}, "第 4 行"),
        ({"granted_on": "2999-01-01"}, "晚于今天"),
        ({"name": "x\0y"}, "控制字符"),
        ({"kind": "trainee", "number": "11052609219999"}, "指导律师"),
        ({"number": "11105201510300001"}, "证号重复"),
        ({"id_number": "11010518850101001" + resident_id_check_digit("11010518850101001")}, "两个有效的证"),
    ],
)
def test_one_wrong_line_and_nothing_is_loaded(as_owner: None, wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(loading.LoadRefused, match=sentence):
        load([row(1), row(2), row(3, **wrong)])
    assert (Licence.objects.count(), Person.objects.count()) == (0, 0)
    assert load([row(1)]) == 1, "the control"
    with pytest.raises(loading.LoadRefused, match="已在名册中"):
        load([row(1)])


def test_a_file_with_foreign_columns_is_refused_and_a_good_one_read(as_owner: None, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("number,name\n1,x\n", encoding="utf-8")
    with pytest.raises(loading.LoadRefused, match="缺少列"):
        loading.load_file(actor=service(), path=bad, now=clock.now())
    out = io.StringIO()
    writer = csv.DictWriter(out, loading.COLUMNS)
    writer.writeheader()
    writer.writerows([row(1), row(2)])
    good.write_text(out.getvalue(), encoding="utf-8-sig")
    assert loading.load_file(actor=service(), path=good, now=clock.now()).licences == 2
