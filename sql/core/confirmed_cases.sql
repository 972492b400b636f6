-- Grain: one known case that newer rows repeat: its state stays, but holds since later.
-- state_row: where the state stands in case_states
-- acceptance_as_of, completion_as_of, outcome_as_of: since when each part holds now
select state_row, acceptance_as_of, completion_as_of, outcome_as_of
from merged_cases
where not is_changed and is_told_anew
