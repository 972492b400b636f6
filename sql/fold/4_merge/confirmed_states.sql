-- becomes: newer values of case_states, by case_no where to_delivery is null
-- Grain: one known case that newer rows repeat: its state stays, but holds since later.
-- case_no: 办件编号
-- acceptance_since, completion_since, outcome_since: since when each part holds now
select case_no, acceptance_since, completion_since, outcome_since
from decided_cases
where not is_changed and is_confirmed
