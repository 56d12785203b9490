"""The loaded tables through the queries and over HTTP."""

import datetime as dt

import pytest

from lutong.domains.courts import actions, queries, reference
from lutong.domains.courts.api import router
from lutong.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _fresh():
    queries.forget_cached()
    yield
    queries.forget_cached()


def test_loading_again_changes_nothing():
    assert actions.load_reference_data(now=NOW) == dict.fromkeys(reference.FILES, 0)


def test_the_tables_hold_what_the_files_say():
    assert len(queries.courts_of(province="北京市")) > 20
    assert queries.list_provinces()[:3] == ["北京市", "天津市", "河北省"]
    assert len(queries.list_provinces()) == 31
    assert [c.name for c in queries.cause_tree()][3] == "合同、准合同纠纷"
    assert len(queries.list_documents()) == 27


def test_chaoyang_is_found_by_id_and_code():
    court = queries.get_court_by_code(code="京0105")
    assert (court.name, court.level_label, court.receives_civil_first) == ("北京市朝阳区人民法院", "基层人民法院", True)
    assert queries.get_court(court_id=court.id) is court
    assert queries.get_court(court_id=court.parent_id).name == "北京市第三中级人民法院"


def test_the_directory_is_read_once(django_assert_num_queries):
    queries.get_court(court_id=1)
    with django_assert_num_queries(0):
        queries.search_courts(text="朝阳")
        queries.search_causes(text="借贷")


@pytest.mark.parametrize("ask", [
    lambda: queries.get_court(court_id=0),
    lambda: queries.get_court(court_id=10**12),
    lambda: queries.get_court_by_code(code="京9999"),
    lambda: queries.get_cause(cause_id=-1),
    lambda: queries.child_causes(parent_id=999_999_999),
    lambda: queries.type_code(code="民"),
    lambda: queries.document_code(code="x"),
])  # fmt: skip
def test_what_is_unknown_is_not_found(ask):
    with pytest.raises(NotFound):
        ask()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("北京市朝阳区人民法院", "京0105"), ("北京朝阳法院", "京0105"), ("京0105", "京0105"), ("bjcy", "京0105"),
        ("beijingchaoyang", "京0105"), ("北京朝阳区法院", "京0105"), (" 北京 朝阳 ", "京0105"), ("石家庄中院", "冀01"),
        ("浦东", "沪0115"), ("最高人民法院", "最高法"), ("前海", "粤0391"),
        ("朝阳县", "辽1321"), ("大厂县法院", "冀1028"), ("广州铁路运输第一法院", "粤7101"),
    ],
)  # fmt: skip
def test_a_court_is_found_by_whatever_a_lawyer_types(text, first):
    assert queries.search_courts(text=text)[0].code == first


def test_a_search_stays_within_province_level_and_limit():
    found = queries.search_courts(text="朝阳", province="辽宁省", level=4)
    assert found
    assert {(c.province, c.level) for c in found} == {("辽宁省", 4)}
    assert len(queries.search_courts(text="法院", limit=10**9)) == 20
    assert len(queries.search_courts(text="法院", limit=-5)) == 1
    assert queries.search_courts(text="没有这样的法院") == []
    assert queries.search_courts(text="\x00") == queries.search_courts()


@pytest.mark.parametrize(
    ("text", "first"),
    [("民间借贷", "民间借贷纠纷"), ("mjjd", "民间借贷纠纷"), ("离婚纠纷", "离婚纠纷"), ("借贷", "民间借贷纠纷")],
)
def test_a_cause_is_found_by_name_or_first_letters(text, first):
    assert queries.search_causes(text=text)[0].name == first


def test_the_tree_opens_one_layer_at_a_time():
    contract = queries.cause_tree()[3]
    below = queries.child_causes(parent_id=contract.id)
    assert [c.name for c in below] == ["合同纠纷", "不当得利纠纷", "无因管理纠纷"]
    assert below[0].has_children
    assert not queries.search_causes(text="民间借贷纠纷")[0].has_children
    assert queries.cause_tree(kind="criminal")[0].name == "告诉才处理的案件"


def test_papers_have_their_chinese_names_and_an_unknown_one_breaks_no_page():
    assert queries.document_label("summons") == "传票"
    assert queries.document_label("mystery") == "mystery"
    assert queries.document_code(code="internal_note").side == "sub"
    assert "complaint" in {d.code for d in queries.list_documents(producer="lawyer")}


def test_a_case_number_leads_to_its_court():
    assert queries.find_court_of_number(text="(2026)京0105民初1号").name == "北京市朝阳区人民法院"
    assert queries.find_court_of_number(text="（2014）民一终字第174号") is None


@pytest.fixture(scope="module")
def client():
    from ninja.testing import TestClient

    return TestClient(router)


def test_courts_are_public_and_may_be_kept_a_day(client):
    answer = client.get("/courts?text=北京朝阳")
    assert answer.status_code == 200
    assert answer.json()[0]["name"] == "北京市朝阳区人民法院"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert client.get("/courts/443").json()["code"] == "京0105"
    assert client.get("/courts/provinces").json()[0] == "北京市"


def test_causes_are_public(client):
    assert client.get("/causes?text=民间借贷").json()[0]["id"] == 110803
    assert len(client.get("/causes/tree").json()) == 12
    assert [c["name"] for c in client.get("/causes/tree?parent=6").json()] == ["数据纠纷", "网络虚拟财产纠纷"]


@pytest.mark.parametrize("address", [
    "/courts?level=9", "/courts?limit=1000", "/courts/99999", "/courts/x", "/causes?kind=odd", "/causes/tree?parent=0",
    f"/causes/tree?parent={10**30}", "/courts?text=" + "法" * 81,
])  # fmt: skip
def test_a_wrong_question_gets_422(client, address):
    assert client.get(address).status_code == 422
