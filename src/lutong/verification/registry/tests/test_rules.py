"""The law of standings, without a database: what holds on a day, and what may follow."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lutong.gateways.registry.port import EventKind, LicenceKind, LicenceStatus
from lutong.verification.registry import rules
from lutong.verification.registry.bodies import FirmKind
from lutong.verification.registry.rules import Fact, Proposal, standing

DAY = dt.date(2020, 1, 1)
TODAY = dt.date(2026, 11, 22)
GRANT = Fact(EventKind.GRANT, DAY, firm_id=1)


def on(*facts: Fact, day: dt.date) -> LicenceStatus | None:
    found = standing([GRANT, *facts], on=day)
    return found.status if found else None


def test_nobody_is_a_lawyer_before_the_day_of_the_grant() -> None:
    assert standing([GRANT], on=DAY - dt.timedelta(days=1)) is None
    assert on(day=DAY) is LicenceStatus.ACTIVE


def test_a_suspension_ends_with_its_last_day_by_itself() -> None:
    suspended = Fact(EventKind.SUSPEND, dt.date(2026, 3, 1), dt.date(2026, 5, 31), "代理双方当事人")
    assert on(suspended, day=dt.date(2026, 2, 28)) is LicenceStatus.ACTIVE
    assert on(suspended, day=dt.date(2026, 3, 1)) is LicenceStatus.SUSPENDED
    assert on(suspended, day=dt.date(2026, 5, 31)) is LicenceStatus.SUSPENDED
    assert on(suspended, day=dt.date(2026, 6, 1)) is LicenceStatus.ACTIVE
    found = standing([GRANT, suspended], on=dt.date(2026, 3, 1))
    assert found is not None and found.next_change_on == dt.date(2026, 6, 1)


@pytest.mark.parametrize("end", [EventKind.REVOKE, EventKind.CANCEL])
def test_what_ends_a_licence_also_ends_its_suspension(end: EventKind) -> None:
    suspended = Fact(EventKind.SUSPEND, dt.date(2026, 3, 1), dt.date(2026, 5, 31))
    ended = Fact(end, dt.date(2026, 4, 1))
    assert on(suspended, ended, day=dt.date(2026, 7, 1)) not in (LicenceStatus.ACTIVE, LicenceStatus.SUSPENDED)


def test_a_revocation_never_ends_and_a_cancellation_does_not_soften_it() -> None:
    revoked = Fact(EventKind.REVOKE, dt.date(2024, 1, 1))
    for later in (EventKind.RESUME, EventKind.CANCEL, EventKind.SUSPEND, EventKind.PUNISH):
        assert on(revoked, Fact(later, dt.date(2025, 1, 1)), day=TODAY) is LicenceStatus.REVOKED


def test_a_transfer_changes_the_firm_on_its_day_and_nothing_else() -> None:
    moved = Fact(EventKind.TRANSFER, dt.date(2026, 12, 1), firm_id=2)
    before, after = standing([GRANT, moved], on=TODAY), standing([GRANT, moved], on=dt.date(2026, 12, 1))
    assert before is not None and (before.firm_id, before.next_change_on) == (1, dt.date(2026, 12, 1))
    assert after is not None and (after.firm_id, after.status, after.since) == (2, LicenceStatus.ACTIVE, DAY)


def test_a_traineeship_is_over_after_its_last_day() -> None:
    trainee = Fact(EventKind.GRANT, dt.date(2026, 1, 5), dt.date(2027, 1, 4), firm_id=1)
    over = standing([trainee], on=dt.date(2027, 1, 5))
    assert over is not None and (over.status, over.reason) == (LicenceStatus.CANCELLED, rules.TRAINEESHIP_OVER)


def proposal(kind: EventKind, **more: object) -> Proposal:
    given_values = {
        "kind": kind, "effective_on": TODAY, "until_on": None, "reason": "事实清楚，依法作出", "article": "",
        "document_no": "京司罚〔2026〕1号",
    } | more  # fmt: skip
    return Proposal(**given_values)  # type: ignore[arg-type]


def objections(one: Proposal, *facts: Fact, kind: LicenceKind = LicenceKind.FULL_TIME) -> dict[str, str]:
    before = standing([GRANT, *facts], on=one.effective_on)
    return rules.objections(one, before, licence_kind=kind, granted_on=DAY, today=TODAY)


@pytest.mark.parametrize(
    ("article", "months", "sound"),
    [("47", 3, True), ("47", 4, False), ("48", 2, False), ("48", 3, True), ("48", 6, True), ("49", 6, True),
     ("49", 12, True), ("49", 13, False), ("51", 12, True), ("51", 2, False)],
)  # fmt: skip
def test_the_term_of_a_suspension_lies_within_its_article(article: str, months: int, sound: bool) -> None:
    last = rules.months_after(TODAY, months) - dt.timedelta(days=1)
    found = objections(proposal(EventKind.SUSPEND, article=article, until_on=last))
    assert (found == {}) is sound, found


def test_a_suspension_needs_an_article_and_a_last_day_and_a_revocation_an_article() -> None:
    assert "article" in objections(proposal(EventKind.SUSPEND, until_on=dt.date(2027, 1, 21)))
    assert "until_on" in objections(proposal(EventKind.SUSPEND, article="47"))
    assert "article" in objections(proposal(EventKind.REVOKE))
    assert objections(proposal(EventKind.REVOKE, article="49")) == {}


def test_steps_that_the_standing_does_not_allow_are_named() -> None:
    suspended = Fact(EventKind.SUSPEND, dt.date(2026, 10, 1), dt.date(2026, 12, 31), "代理双方当事人")
    revoked = Fact(EventKind.REVOKE, dt.date(2024, 1, 1))
    move = proposal(EventKind.TRANSFER, firm_kind=FirmKind.LAW_FIRM)
    assert objections(move) == {}
    assert "停止执业" in objections(move, suspended)["kind"]
    assert "kind" in objections(proposal(EventKind.RESUME))
    assert "第七条" in objections(proposal(EventKind.GRANT, firm_kind=FirmKind.LAW_FIRM), revoked)["kind"]
    assert "kind" in objections(proposal(EventKind.SUSPEND, until_on=None), kind=LicenceKind.TRAINEE)
    assert "firm" in objections(proposal(EventKind.TRANSFER, firm_kind=FirmKind.COMPANY))
    assert "effective_on" in objections(proposal(EventKind.CANCEL, effective_on=dt.date(2019, 1, 1)))
    assert {"reason", "document_no"} <= objections(proposal(EventKind.CANCEL, reason="短", document_no="")).keys()


KINDS = [kind for kind in EventKind if kind is not EventKind.GRANT]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(
    st.lists(
        st.builds(
            Fact, st.sampled_from(KINDS), st.dates(DAY, TODAY), st.none() | st.dates(TODAY, dt.date(2027, 12, 31)),
            firm_id=st.none() | st.integers(2, 5),
        ), max_size=8,
    ),
    st.dates(DAY, dt.date(2028, 1, 1)),
)  # fmt: skip
def test_a_standing_holds_until_its_next_change_and_nothing_revives_a_revoked_licence(
    facts: list[Fact], day: dt.date
) -> None:
    found = standing([GRANT, *facts], on=day)
    assert found is not None
    revoked = [fact for fact in facts if fact.kind is EventKind.REVOKE and fact.effective_on <= day]
    assert not revoked or found.status is LicenceStatus.REVOKED
    last = (found.next_change_on or dt.date(2029, 1, 1)) - dt.timedelta(days=1)
    until = standing([GRANT, *facts], on=last)
    assert until is not None and (until.status, until.firm_id) == (found.status, found.firm_id)


@pytest.mark.parametrize(
    ("held", "gaps"),
    [([], []), ([6, 7], []), ([8], [(6, 7)]), ([7, 8, 11], [(6, 6), (9, 10)]), ([11, 7], [(6, 6), (8, 10)])],
)  # fmt: skip
def test_missing_numbers_are_named(held: list[int], gaps: list[tuple[int, int]]) -> None:
    assert rules.gaps(5, held) == gaps
