-- becomes: a table
-- Grain: one case of the deliveries being folded that is known already, in its newest state.
-- case_no, facet_id, outcome_id, applied_at, accepted_at, due_at, completed_at: as case_states
-- acceptance_since, completion_since, outcome_since: as case_states
-- table_no, row_no, completion_table_no, completion_row_no, from_delivery, to_delivery: as case_states
select s.*
from case_states s
semi join readable_rows r on r.case_no = s.case_no
where s.to_delivery is null
