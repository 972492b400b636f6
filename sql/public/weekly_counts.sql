-- Grain: one bulletin week 通报周 and one combination of categories, net of all deliveries. Void and 不予受理 are left out already.
-- week_start: the first day that is counted: the day after the bulletin week before
-- week_ending: its last working day, by which it is called
-- is_complete: the deliveries are complete in it (coverage)
-- item_type_label: 事项类型
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
    w.counts_from as week_start, w.week_ending, w.is_complete,
    c.item_type_label, c.group_key, c.department, c.area_code, c.is_in_scope, c.case_kind, c.channel,
    cast(sum(c.accepted) as bigint) as accepted,
    cast(sum(c.completed) as bigint) as completed,
    cast(sum(c.carried_over) as bigint) as carried_over
from daily_count c
join bulletin_weeks w on c.day >= w.counts_from and c.day <= w.week_ending
group by
    w.counts_from, w.week_ending, w.is_complete,
    c.item_type_label, c.group_key, c.department, c.area_code, c.is_in_scope, c.case_kind, c.channel
having sum(c.accepted) <> 0 or sum(c.completed) <> 0 or sum(c.carried_over) <> 0
