-- severity: warning
-- tolerance: older_version_share
-- reason: docs/architecture.md §4: a newer delivery that tells an older version of a case is not followed; whoever signs is told
-- zh: 本批次报送的内容比已载入的更旧（更新时间更早），未采用
-- en: a newer delivery tells an older version of the case (by its version time) than is known: it was not followed
with known as (
    select * from evidence where is_newer = 0
)
select r.table_no, r.row_no, 'case_no' as column_name, r.case_no as value
from evidence r
join known k on k.case_no = r.case_no
-- of the rows of a case the one that would be believed; where it says what is known, nothing is lost
where r.is_newer = 1 and (
    k.acceptance_place = 1 and r.acceptance_place = 2 and r.acceptance_since is not null
    and (
        r.facet_id <> k.facet_id or r.applied_at is distinct from k.applied_at
        or r.accepted_at is distinct from k.accepted_at or r.due_at is distinct from k.due_at)
    or k.completion_place = 1 and r.completion_place = 2 and r.completion_since is not null
    and r.completed_at is distinct from k.completed_at
    or k.outcome_place = 1 and r.outcome_place = 2 and r.outcome_since is not null
    and r.outcome_id <> k.outcome_id)
