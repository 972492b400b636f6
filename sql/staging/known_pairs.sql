-- Grain: one pair of result and status known already, to be judged by other rules. Columns: as new_pairs.
select result, status from outcomes
