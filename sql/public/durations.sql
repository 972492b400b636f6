-- Grain: one case that counts as accepted, with the working days it took. Void and 不予受理 are left out already.
-- case_no: 办件编号
-- item_type_label: 事项类型
-- group_key: licence, public_service, other_power, unclassified
-- item_code: 实施编码
-- item_name: 事项名称
-- department: 实施主体 or 受理部门
-- area_code: 行政区划
-- area_name: its name; empty where the source profile tells none
-- is_in_scope: whether the area is 省本级
-- case_kind: 办件类型
-- channel: 申请方式
-- accepted_on: 受理, the day
-- is_accepted_on_day_off: accepted on a weekend or holiday
-- completed_on: 办结, the day; NULL while it is open
-- due_on: 承诺办结时间, the day; NULL where none is told
-- statutory_days: 法定时限, working days; NULL where none is told in that unit
-- deadline_on: the promised day, else the last working day of the statutory limit; NULL where nothing is told
-- working_days: from acceptance through completion; the day after acceptance is the first, weekends and holidays do not count,
--     make-up days do (行政许可法 §82); NULL while it is open or where it was completed before it was accepted
-- days_ahead: working days ahead of the statutory limit; negative: beyond it
-- is_on_time: completed through the promised day; where none is told, within the statutory limit; NULL where neither is, or while it is
--     open: an open case past its deadline is late all the same (open_cases)
-- delivery_id: the delivery that last changed it
select
    s.case_no, s.item_type_label, s.group_key, f.item_code, f.item_name, s.department,
    s.area_code, coalesce(n.area_name, '') as area_name, s.is_in_scope, s.case_kind, s.channel,
    s.accepted_on, not a.is_working_day as is_accepted_on_day_off, s.completed_on, s.due_on, s.statutory_days, l.deadline_on,
    l.working_days, s.statutory_days - l.working_days as days_ahead, l.is_on_time, d.delivery_id
from counted_states s
join deadlines l
    on l.accepted_on is not distinct from s.accepted_on and l.completed_on is not distinct from s.completed_on
    and l.due_on is not distinct from s.due_on and l.statutory_days is not distinct from s.statutory_days
join facets f on f.facet_id = s.facet_id
join calendar a on a.day = s.accepted_on
join deliveries d on d.delivery_no = s.from_delivery
left join area_names n on n.area_code = s.area_code
where s.to_delivery is null and s.accepted_on is not null
