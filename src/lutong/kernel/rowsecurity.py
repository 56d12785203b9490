"""The second lock: row-level security, written from what each model declares.

The application role owns no table. `acting` tells PostgreSQL who acts (SET LOCAL); these policies then
show court staff the rows of their own court and a lawyer the rows of his cases, whatever a query forgot.
No actor set means no rows. The first lock is each domain's `access`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lutong.kernel.capabilities import Capability

APP_ROLE = "lutong_app"

_STAFF = "court_id = nullif(current_setting('app.court', true), '')::int"
_ADMIN = "court_id = nullif(current_setting('app.admin', true), '')::int"
_PERSON = "nullif(current_setting('app.person', true), '')::bigint"

_FOR = "coalesce(nullif(current_setting('app.for', true), '')::bigint, 0)"  # 0: in his own right

FUNCTIONS = (
    # One array per statement keeps the index on case_id usable; SECURITY DEFINER because case_access is locked, too.
    f"""CREATE OR REPLACE FUNCTION my_cases() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
        SELECT coalesce(array_agg(case_id), '{{}}') FROM public.cases_caseaccess
        WHERE person_id = {_PERSON} AND for_id = {_FOR} AND during @> now() $$""",  # noqa: S608  # constants only
    # Counsel has every capability in his cases, an assistant those that a grant names.
    f"""CREATE OR REPLACE FUNCTION my_cases_with(wanted text) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
        SELECT coalesce(array_agg(case_id), '{{}}') FROM public.cases_caseaccess
        WHERE person_id = {_PERSON} AND for_id = {_FOR} AND during @> now()
          AND (for_id = 0 OR wanted = ANY (capabilities)) $$""",  # noqa: S608  # constants only
    # A draft is no case yet: which of them an assistant prepares, the lawyer's own grants say.
    f"""CREATE OR REPLACE FUNCTION my_drafts_with(wanted text) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
        SELECT coalesce(array_agg(draft_id), '{{}}') FROM public.delegation_grant
        WHERE lawyer_id = {_FOR} AND person_id = {_PERSON} AND draft_id IS NOT NULL AND state = 'running'
          AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now()) AND wanted = ANY (capabilities) $$""",  # noqa: S608  # constants only
    # A colleague who changed firms hands a draft over: it is within the taker's sight until he answers.
    f"""CREATE OR REPLACE FUNCTION my_offered_drafts() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
        SELECT coalesce(array_agg(draft_id), '{{}}') FROM public.filing_draftoffer
        WHERE lawyer_id = {_PERSON} AND {_FOR} = 0 AND state = 'waiting' $$""",  # noqa: S608  # constants only
)


@dataclass(frozen=True, slots=True)
class RowRule:
    """Which rows of a court-owned table a lawyer sees; `sql` is NULL-safe and fails closed.

    `seen` adds rows that he may read and take away, but neither write nor leave behind changed.
    """

    sql: str | None
    locked: bool = True
    staff: bool = True  # whether those who handle cases in the court see it
    seen: str | None = None


def by_case(
    column: str = "case_id",
    *,
    or_own: str | None = None,
    and_also: str | None = None,
    needs: Capability | None = None,
    own_needs: Capability | None = None,
    or_admin: bool = False,
) -> RowRule:
    """Rows of the lawyer's cases; `or_own` names a person column that opens a row to its owner.

    `needs`: what an assistant must have been granted in the case to see the row. What is his own he sees while he
    acts for nobody; as an assistant only in cases in which he has been granted `own_needs`. `or_admin`: also the
    court's administrators see it, the auditor among them.
    """
    cases = f"my_cases_with('{needs.value}')" if needs else "my_cases()"
    rule = f"{column} = ANY ((SELECT {cases})::uuid[])"
    if and_also:
        rule = f"({rule} AND {and_also})"
    if or_own:
        while_granted = f"{_FOR} = 0"
        if own_needs:
            while_granted += f" OR {column} = ANY ((SELECT my_cases_with('{own_needs.value}'))::uuid[])"
        rule = f"({rule} OR ({or_own} = {_PERSON} AND ({while_granted})))"
    if or_admin:
        rule = f"({rule} OR {_ADMIN})"
    return RowRule(rule)


def own(column: str, *, in_case: Capability | None = None) -> RowRule:
    """Rows that carry the lawyer's own person id, while he acts in his own right.

    `in_case`: also to an assistant, and to either only while he has that capability in the row's case.
    """
    if in_case:
        return by_case(needs=in_case, and_also=f"{column} = {_PERSON}")
    return RowRule(f"({column} = {_PERSON} AND {_FOR} = 0)")


def drafted(*, needs: Capability, while_: str, received: str) -> RowRule:
    """Rows of a lawyer that he alone sees; his assistant those that a grant names, for `needs` and `while_` it holds.

    The court of the row sees it from when `received` holds; a colleague to whom it is being handed over may read it
    and, when he has made it his own, take the old row away.
    """
    entrusted = f"lawyer_id = {_FOR} AND id = ANY ((SELECT my_drafts_with('{needs.value}'))::uuid[]) AND {while_}"
    return RowRule(
        f"((lawyer_id = {_PERSON} AND {_FOR} = 0) OR ({entrusted}) OR ({_STAFF} AND {received}))", staff=False,
        seen=f"(id = ANY ((SELECT my_offered_drafts())::uuid[]) AND {while_})",
    )  # fmt: skip


def addressed(column: str, *, needs: Capability, case_column: str = "case_id") -> RowRule:
    """Rows of the lawyer's cases that are addressed to him; his assistant sees them where he was granted `needs`."""
    lawyer = f"coalesce(nullif({_FOR}, 0), {_PERSON})"
    return by_case(case_column, needs=needs, and_also=f"{column} = {lawyer}")


STAFF_ONLY = RowRule(None)
ADMIN_ONLY = RowRule(_ADMIN, staff=False)  # the running of the court's accounts, never its cases
OPEN = RowRule(None, locked=False)  # machinery without case data: counters, outbox


def statements(models: Iterable[Any]) -> Iterator[str]:
    """Grants and policies for all tables, safe to run again after every migration."""
    yield from FUNCTIONS
    for model in models:
        yield from grants(model)
        rule = getattr(model, "row_rule", None)
        if rule is not None:
            yield from _policy(model._meta.db_table, rule)
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}"
    functions = "my_cases(), my_cases_with(text), my_drafts_with(text), my_offered_drafts()"
    yield f"GRANT EXECUTE ON FUNCTION {functions} TO {APP_ROLE}"


def grants(model: Any, role: str = APP_ROLE) -> Iterator[str]:
    """What the application role may do with a table, from what the model says of itself."""
    table = f'"{model._meta.db_table}"'
    yield f"REVOKE ALL ON {table} FROM {role}"
    if getattr(model, "reference", False):
        rights = "SELECT"
    elif getattr(model, "append_only", False):
        rights = "SELECT, INSERT"
    elif getattr(model, "may_delete", True):
        rights = "SELECT, INSERT, UPDATE, DELETE"
    else:
        rights = "SELECT, INSERT, UPDATE"
    yield f"GRANT {rights} ON {table} TO {role}"


def _policy(table: str, rule: RowRule) -> Iterator[str]:
    yield f'DROP POLICY IF EXISTS who_sees ON "{table}"'
    if not rule.locked:
        yield f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'
        return
    parts = [f"({part})" for part in (_STAFF if rule.staff else None, rule.sql) if part]
    condition = " OR ".join(parts)
    seen = f"{condition} OR {rule.seen}" if rule.seen else condition
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'CREATE POLICY who_sees ON "{table}" TO {APP_ROLE} USING ({seen}) WITH CHECK ({condition})'
