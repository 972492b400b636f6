-- becomes: a table
-- Grain: one row that says, word for word, what an earlier row of the same cut-off says (docs/architecture.md §4).
-- table_no, row_no: where it stands
select table_no, row_no
from (
    select
        r.table_no, r.row_no,
        row_number() over (
            partition by r.case_no, r.facet_id, r.outcome_id, r.applied_at, r.accepted_at, r.due_at, r.completed_at,
                r.effective_at, r.corrects, r.has_acceptance, r.has_completion, r.has_outcome
            order by r.holds_since desc, r.table_no, r.row_no) as occurrence
    from rival_rows r
    where not exists (select 1 from quarantined_rows q where q.table_no = r.table_no and q.row_no = r.row_no)
) numbered
where occurrence > 1
