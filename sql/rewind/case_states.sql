-- becomes: the table case_states
-- Grain: one state of one case, without the deliveries from number $first_delivery on: states they opened are dropped, states they
--     closed are open again. Columns: as the table case_states.
select
    case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at,
    acceptance_since, completion_since, outcome_since,
    table_no, row_no, completion_table_no, completion_row_no,
    from_delivery,
    case when to_delivery < $first_delivery then to_delivery end as to_delivery
from case_states
where from_delivery < $first_delivery
