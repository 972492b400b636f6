-- Grain: one delivery, and what it changed in a bulletin week that an earlier delivery was complete through, by category: 补报 and corrections.
-- delivery_id: the delivery
-- cut_off: its cut-off
-- received_on: the day its newest file was received
-- week_ending: the bulletin week that the cases belong to
-- item_type_label: 事项类型
-- group_key: licence, public_service, other_power, unclassified
-- department: 实施主体 or 受理部门
-- area_code: 行政区划
-- is_in_scope: whether the area is 省本级
-- case_kind: 办件类型
-- channel: 申请方式
-- accepted: 受理, cases more, or fewer (negative)
-- completed: 办结, the same
select
    d.delivery_id, d.cut_off, d.received_on, w.week_ending,
    c.item_type_label, c.group_key, c.department, c.area_code, c.is_in_scope, c.case_kind, c.channel,
    cast(sum(c.accepted) as bigint) as accepted,
    cast(sum(c.completed) as bigint) as completed
from daily_count c
join deliveries d on d.delivery_id = c.delivery_id
join (
    select n.delivery_no, max(p.cut_off) as known_through
    from deliveries n
    join deliveries p on p.delivery_no < n.delivery_no
    group by n.delivery_no
) k on k.delivery_no = d.delivery_no and c.day <= k.known_through
join bulletin_weeks w on c.day >= w.counts_from and c.day <= w.week_ending
where c.cause = 'data'
group by
    d.delivery_id, d.cut_off, d.received_on, w.week_ending,
    c.item_type_label, c.group_key, c.department, c.area_code, c.is_in_scope, c.case_kind, c.channel
having sum(c.accepted) <> 0 or sum(c.completed) <> 0
