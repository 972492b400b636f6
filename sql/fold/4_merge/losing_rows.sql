-- becomes: a table
-- Grain: one delivered version older than what is believed of its case: it held at no time. Columns: as evidence.
-- occurrence: its place among those that say the same
select
    *,
    row_number() over (
        partition by case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at
        order by delivery_no, table_no, row_no) as occurrence
from evidence
where is_newer = 1 and acceptance_place > 1
and (completion_place > 1 or completion_since is null) and (outcome_place > 1 or outcome_since is null)
