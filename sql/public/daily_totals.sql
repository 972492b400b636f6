-- Grain: one day and one combination of categories, net of all deliveries: the newest truth. Void and 不予受理 are left out already.
-- day: the day of acceptance or completion
-- item_type: 事项类型, national code
-- item_type_label: its label
-- group_key: licence, public_service, other_power, unclassified
-- department: 实施主体 or 受理部门
-- area_code: 行政区划
-- area_name: its name; empty where the source profile tells none
-- is_in_scope: whether the area is 省本级
-- case_kind: 办件类型
-- channel: 申请方式
-- accepted: 受理, cases
-- completed: 办结, cases
-- carried_over: of completed, accepted in an earlier year
select
    c.day, c.item_type, c.item_type_label, c.group_key, c.department, c.area_code, coalesce(a.area_name, '') as area_name,
    c.is_in_scope, c.case_kind, c.channel,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count c
left join area_names a on a.area_code = c.area_code
group by
    c.day, c.item_type, c.item_type_label, c.group_key, c.department, c.area_code, a.area_name, c.is_in_scope, c.case_kind, c.channel
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
