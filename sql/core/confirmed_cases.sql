-- Grain: one known case that newer rows repeat: its state stays, but holds since later.
-- state_row: where the state stands in case_states
-- acceptance_since, completion_since, outcome_since: since when each part holds now
select state_row, acceptance_since, completion_since, outcome_since
from merged_cases
where not is_changed and is_told_anew
