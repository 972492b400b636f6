-- Grain: one pair of result and status as the staged rows spell it, and the outcome it is.
-- result, status: as staged
-- outcome_id: the outcome
select s.result, s.status, o.outcome_id
from (
    select distinct result, status, clean_text(result) as result_text, clean_text(status) as status_text
    from staged_rows
    where not is_blank and not is_around
) s
join outcomes o on o.result = s.result_text and o.status = s.status_text
