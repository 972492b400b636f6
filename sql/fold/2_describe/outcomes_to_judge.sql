-- becomes: a view
-- Grain: one pair of result and status not seen before, to be judged.
-- result, status: clean
select distinct s.result_text as result, s.status_text as status
from descriptions s
where not exists (select 1 from outcomes o where o.result = s.result_text and o.status = s.status_text)
