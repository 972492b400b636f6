-- Grain: one case of merged_cases whose state is new or differs from the one known so far. Columns: as merged_cases.
select n.*
from merged_cases n
where not exists (
    select 1 from prior_states s
    where s.case_no = n.case_no
    and s.facet_id = n.facet_id and s.outcome_id = n.outcome_id
    and s.applied_at is not distinct from n.applied_at and s.accepted_at is not distinct from n.accepted_at
    and s.due_at is not distinct from n.due_at and s.completed_at is not distinct from n.completed_at)
