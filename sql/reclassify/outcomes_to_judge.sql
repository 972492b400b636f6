-- becomes: a view
-- Grain: one pair of result and status known already, to be judged by other rules. Columns: as outcomes_to_judge.
select result, status from outcomes
