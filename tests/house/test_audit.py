"""Every use case leaves one event in the trail, or says here why not."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import FUNCTIONS, PACKAGE, mentioned_names, product_files, tree

RECORDERS = {"record", "record_each", "record_own"}
# domain.function → why it writes no event of its own.
WITHOUT_EVENT = {
    "cases.add_milestone": "the timeline is append-only itself; the act that adds to it writes the event",
    "cases.index_earlier_cases": "derived from representations, which wrote their own events",
    "cases.note_change_paper": "it fills in what the change, already recorded, left open",
    "cases.note_claim_papers": "it fills in what the claim, already recorded, left open",
    "cases.note_next_hearing": "a projection; scheduling writes the event",
    "dossier.begin_bundle": "the order and the handing out are recorded; these are the steps of the machine between",
    "dossier.note_bundle": "a step of the machine",
    "dossier.finish_bundle": "a step of the machine",
    "dossier.plan_views": "view copies and page images are derived; looking at them is recorded",
    "dossier.begin_view": "derived",
    "dossier.keep_view": "derived",
    "dossier.refuse_view": "derived",
    "dossier.begin_pages": "derived",
    "dossier.keep_pages": "derived",
    "dossier.want_pages": "derived",
    "dossier.begin_upload": "nothing is received yet; the end of the upload is recorded with its hashes",
    "dossier.note_progress": "bytes on their way; the end is recorded",
    "dossier.await_verdict": "bytes on their way; the verdict is recorded",
    "eservice.close_if_final": "closing is the act of the cases domain, which records it",
    "exchange.answer_once": "it wraps a use case, which writes the event",
    "filing._check": "the check is an act of capacity, which records it",
    "filing.entrust_draft": "the grant is an act of delegation, which records it",
    "filing.save_marks": "the clerk's working notes; what he decides is recorded",
    "hearings.follow_counsel": "a projection that follows the admission of counsel, which is recorded",
    "hearings.leave_calendar": "a projection that follows the end of a representation, which is recorded",
    "staffing._program": "it only looks up a token; what the program does is recorded",
    "notices.mark_read": "having seen a message concerns nobody else",
}


def actions_without_event(paths: tuple[Path, ...]) -> Iterator[str]:
    """`@action` functions from which no recorder is reached through what the same domain's actions mention."""
    for domain, files in _by_domain(paths).items():
        bodies: dict[str, set[str]] = {}
        marked: list[str] = []
        for path in files:
            for node in tree(path).body:
                if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    bodies.setdefault(ast.unparse(target), set()).update(mentioned_names(node.value))
                if isinstance(node, FUNCTIONS):
                    bodies.setdefault(node.name, set()).update(mentioned_names(node))
                    if "action" in {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}:
                        marked.append(node.name)
        for name in marked:
            if not _reaches(name, bodies) and f"{domain}.{name}" not in WITHOUT_EVENT:
                yield f"{domain}.{name}"


def _by_domain(paths: tuple[Path, ...]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in paths:
        parts = path.parts
        if "domains" in parts and "actions" in {path.stem, path.parent.name}:
            found.setdefault(parts[parts.index("domains") + 1], []).append(path)
    return found


def _reaches(name: str, bodies: dict[str, set[str]]) -> bool:
    """True if a recorder is called by the function itself or by one that it calls in this domain's actions."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in RECORDERS:
            return True
        if current not in seen:
            seen.add(current)
            waiting += bodies.get(current, set())
    return False


def test_every_use_case_writes_into_the_trail() -> None:
    assert list(actions_without_event(product_files())) == []


def test_there_are_use_cases_to_look_at_and_no_stale_exception() -> None:
    known = {
        f"{domain}.{node.name}"
        for domain, files in _by_domain(product_files()).items()
        for path in files
        for node in tree(path).body
        if isinstance(node, FUNCTIONS)
    }
    assert WITHOUT_EVENT.keys() <= known
    assert len(known) > 20
    assert PACKAGE.name == "lutong"


def test_a_use_case_that_writes_nothing_is_found(tmp_path: Path) -> None:
    bad = tmp_path / "domains" / "x" / "actions.py"
    bad.parent.mkdir(parents=True)
    bad.write_text(
        "@action\ndef silent(*, actor):\n    return _log(actor)\n\ndef _log(actor):\n    return actor\n\n"
        "@action\ndef loud(*, actor):\n    return _note(actor)\n\ndef _note(actor):\n    record(actor=actor)\n",
        encoding="utf-8",
    )
    assert list(actions_without_event((bad,))) == ["x.silent"]
