-- becomes: rows of outcomes
-- Grain: one pair of result and status not seen before. Columns: as the table outcomes.
select
    cast((select coalesce(max(outcome_id), 0) from outcomes) + row_number() over (order by outcome_key) as integer) as outcome_id,
    outcome_key, result, status, is_void, is_not_admitted
from judged_outcomes
