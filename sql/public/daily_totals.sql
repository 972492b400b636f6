-- Grain: one day and one combination of categories, net of all deliveries: the newest truth.
-- day: the day of acceptance or completion
-- item_type: 事项类型, national code
-- item_type_label: its label
-- group_key: licence, public_service, other_power, unclassified
-- department: 实施主体 or 受理部门
-- area_code: 行政区划
-- is_in_scope: whether the area is 省本级
-- case_kind: 办件类型
-- channel: 申请方式
-- accepted: 受理, cases
-- completed: 办结, cases
-- carried_over: of completed, accepted in an earlier year
select
    day, item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count
group by day, item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
