"""两份内容并排: nothing is lost whatever is picked, and a correction opens only what it names."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lutong.domains.filing.formdata import place_files, read_form
from lutong.domains.filing.merging import differences, digest_of, is_open, merged, with_only

TEXT = st.text(max_size=5)
ROW = st.fixed_dictionaries({"id": st.sampled_from("abc"), "name": TEXT, "phone": TEXT})
PART = st.fixed_dictionaries({"facts": TEXT, "parties": st.lists(ROW, max_size=3, unique_by=lambda row: row["id"])})


@given(PART, PART)
def test_taking_all_of_one_side_gives_that_side(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    keys = [found.key for found in differences(mine, theirs)]
    assert list(differences(merged(mine, theirs, take_mine=keys), mine)) == []
    assert merged(mine, theirs, take_mine=[]) == theirs


@given(PART)
def test_equal_contents_have_no_differences(part: dict[str, Any]) -> None:
    assert list(differences(part, part)) == []


def test_a_row_added_elsewhere_does_not_shift_the_others() -> None:
    mine = {"parties": [{"id": "a", "name": "甲"}]}
    theirs = {"parties": [{"id": "z", "name": "新"}, {"id": "a", "name": "乙"}]}
    found = [(d.key, d.mine, d.theirs) for d in differences(mine, theirs)]
    assert found == [("parties/#z", None, {"id": "z", "name": "新"}), ("parties/#a/name", "甲", "乙")]
    assert merged(mine, theirs, take_mine={"parties/#a/name"})["parties"] == [
        {"id": "z", "name": "新"},
        {"id": "a", "name": "甲"},
    ]


@given(PART, PART)
def test_nothing_changes_when_nothing_is_opened(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert with_only(new, old=old, opened=[]) == old


def test_an_opened_field_opens_neither_its_neighbours_nor_a_longer_name() -> None:
    assert is_open("parties.1.name", opened=["parties.1"])
    assert not is_open("parties.10.name", opened=["parties.1"])
    assert not is_open("parties", opened=["parties.1"])


def test_the_digest_speaks_of_its_step_only() -> None:
    before = {"facts": "一", "reasons": "", "mediation_will": "yes"}
    assert digest_of(before, step="facts") == digest_of({**before, "mediation_will": "no"}, step="facts")
    assert digest_of(before, step="facts") != digest_of({**before, "facts": "二"}, step="facts")


def test_a_form_keeps_the_order_of_rows_and_forgets_foreign_fields() -> None:
    fields = {
        "claims.10.kind": ["act"],
        "claims.2.kind": ["interest"],
        "facts": ["x"],
        "claims.x.kind": ["y"],
        "__": ["z"],
    }
    assert read_form(step="claims", fields=fields) == {
        "claims": [{"kind": "interest"}, {"kind": "act"}],
        "costs_claim": "",
    }


def test_a_file_moves_and_is_never_in_two_places() -> None:
    files, rows = place_files(
        files={"complaint": ["u1"], "other": ["u2"]},
        evidence=[{"id": "e1", "upload_ids": ["u3"]}],
        where={"u1": "evidence:e1", "u3": "complaint", "u2": ""},
    )
    assert (files, rows) == ({"complaint": ["u3"]}, [{"id": "e1", "upload_ids": ["u1"]}])
