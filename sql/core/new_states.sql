-- Grain: one state that the deliveries being folded bring. Columns: as the table case_states.
select
    case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at,
    acceptance_as_of, completion_as_of, outcome_as_of, table_no, row_no,
    delivery_no as from_delivery, cast(null as integer) as to_delivery
from changed_cases
