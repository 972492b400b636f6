-- Grain: one calendar week from Monday through Sunday, one group and scope, net of all deliveries. Void and 不予受理 are left out already.
-- week_start, week_end: its Monday and its Sunday
-- group_key: licence, public_service, other_power, unclassified
-- is_in_scope: whether the area is 省本级
-- accepted: 受理, cases
-- completed: 办结, cases
-- carried_over: of completed, accepted in an earlier year
select
    cast(date_trunc('week', day) as date) as week_start,
    cast(cast(date_trunc('week', day) as date) + interval 6 day as date) as week_end,
    group_key, is_in_scope,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count
group by date_trunc('week', day), group_key, is_in_scope
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
