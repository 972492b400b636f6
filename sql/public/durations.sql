-- Grain: one case that counts as accepted (neither void nor 不予受理), with the working days it took.
-- case_no: 办件编号
-- item_type_label: 事项类型
-- group_key: licence, public_service, other_power, unclassified
-- department: 实施主体 or 受理部门
-- area_code: 行政区划
-- is_in_scope: whether the area is 省本级
-- case_kind: 办件类型
-- accepted_on: 受理, the day
-- completed_on: 办结, the day; NULL while it is open
-- due_on: 承诺办结时间, the day; NULL where none is told
-- statutory_days: 法定时限, working days; NULL where none is told in that unit
-- working_days: from acceptance through completion; the day after acceptance is the first, weekends and holidays do not count,
--     make-up days do (行政许可法 §82); NULL while it is open or where it was completed before it was accepted
-- days_ahead: working days ahead of the statutory limit; negative: beyond it
-- is_on_time: completed through the promised day; where none is told, within the statutory limit; NULL where neither is, or while it is open
select
    s.case_no, s.item_type_label, s.group_key, s.department, s.area_code, s.is_in_scope, s.case_kind,
    s.accepted_on, s.completed_on, s.due_on, s.statutory_days,
    case when s.completed_on >= s.accepted_on then c.working_day_no - a.working_day_no end as working_days,
    case when s.completed_on >= s.accepted_on then s.statutory_days - (c.working_day_no - a.working_day_no) end as days_ahead,
    case
        when s.due_on is not null then s.completed_on <= s.due_on
        when s.completed_on >= s.accepted_on then c.working_day_no - a.working_day_no <= s.statutory_days
    end as is_on_time
from counted_states s
join calendar a on a.day = s.accepted_on
left join calendar c on c.day = s.completed_on
where s.to_delivery is null and s.accepted_on is not null
