-- becomes: rows of case_states
-- Grain: one delivered version older than what is believed of its case (losing_rows), where it is not known yet; it counts nowhere.
--     Columns: as the table case_states.
with known as (
    -- of all states the few that may be the same; mostly there are none, and a table tells it before anything is read
    select s.*
    from case_states s
    join (select distinct case_no from losing_rows) n on n.case_no = s.case_no
)
select
    n.case_no, n.facet_id, n.outcome_id, n.applied_at, n.accepted_at, n.due_at, n.completed_at,
    n.acceptance_since, n.completion_since, n.outcome_since,
    n.table_no, n.row_no, cast(null as integer) as completion_table_no, cast(null as bigint) as completion_row_no,
    n.delivery_no as from_delivery, n.delivery_no as to_delivery
from losing_rows n
where n.occurrence = 1
and not exists (
    select 1 from known s
    where s.case_no = n.case_no and s.facet_id = n.facet_id and s.outcome_id = n.outcome_id
    and s.applied_at is not distinct from n.applied_at and s.accepted_at is not distinct from n.accepted_at
    and s.due_at is not distinct from n.due_at and s.completed_at is not distinct from n.completed_at)
