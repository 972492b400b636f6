-- Grain: one pair of result and status.
-- result, status: 办结结果, 办件状态 as delivered, cleaned
-- is_counted: whether a case with it counts: it is neither void nor not admitted
select result, status, not is_void and not is_not_admitted as is_counted
from outcomes
order by result, status
