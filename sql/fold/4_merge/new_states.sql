-- becomes: rows of case_states
-- Grain: one state that the deliveries being folded bring. Columns: as the table case_states.
select
    r.case_no, r.facet_id, r.outcome_id, r.applied_at, r.accepted_at, r.due_at, r.completed_at,
    case when r.has_acceptance then r.holds_since end as acceptance_since,
    case when r.has_completion then r.holds_since end as completion_since,
    case when r.has_outcome then r.holds_since end as outcome_since,
    r.table_no, r.row_no, cast(null as integer) as completion_table_no, cast(null as bigint) as completion_row_no,
    r.delivery_no as from_delivery, cast(null as integer) as to_delivery
from readable_rows r
anti join contested_cases c on c.case_no = r.case_no
union all
select
    case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at,
    acceptance_since, completion_since, outcome_since,
    table_no, row_no, completion_table_no, completion_row_no,
    delivery_no as from_delivery, cast(null as integer) as to_delivery
from decided_cases
where is_changed
