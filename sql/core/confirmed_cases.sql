-- Grain: one known case that newer rows repeat: its state stays, but holds since later.
-- state_row: where the state stands in case_states
-- acceptance_as_of, completion_as_of, outcome_as_of: since when each part holds now
select s.state_row, n.acceptance_as_of, n.completion_as_of, n.outcome_as_of
from merged_cases n
join prior_states s on s.case_no = n.case_no
where not exists (select 1 from changed_cases c where c.case_no = n.case_no)
and (s.acceptance_as_of is distinct from n.acceptance_as_of
    or s.completion_as_of is distinct from n.completion_as_of
    or s.outcome_as_of is distinct from n.outcome_as_of)
