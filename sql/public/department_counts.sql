-- Grain: one year, one department, group and scope, net of all deliveries.
-- year: the year of acceptance or completion
-- department: 实施主体 or 受理部门
-- group_key: licence, public_service, other_power, unclassified
-- is_in_scope: whether the area is 省本级
-- accepted: 受理, cases
-- completed: 办结, cases
-- carried_over: of completed, accepted in an earlier year
select
    extract(year from day) as year, department, group_key, is_in_scope,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count
group by extract(year from day), department, group_key, is_in_scope
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
