-- Grain: one case without a completion at the newest cut-off: it is open, or its result was never sent. Void and 不予受理 are left out already.
-- as_of: that cut-off
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
-- age_days: days since then
-- age_working_days: working days since then
-- deadline_on: the promised day 承诺办结时间, else the last working day of the statutory limit 法定时限; NULL where nothing is told
-- is_overdue: that day is past
-- days_overdue: working days since that day; 0 while it is not past, NULL where nothing is told
-- is_due_soon: not overdue, and of its working days at most a tenth is left, or one
-- delivery_id: the delivery that last changed it
select
    n.as_of, s.case_no, s.item_type_label, s.group_key, f.item_code, f.item_name, s.department,
    s.area_code, coalesce(a.area_name, '') as area_name, s.is_in_scope, s.case_kind, s.channel,
    s.accepted_on,
    date_diff('day', s.accepted_on, n.as_of) as age_days,
    t.working_day_no - b.working_day_no as age_working_days,
    l.deadline_on,
    coalesce(l.late_from <= n.as_of, false) as is_overdue,
    case when l.late_from <= n.as_of then t.working_day_no - e.working_day_no when l.deadline_on is not null then 0 end as days_overdue,
    coalesce(l.soon_from <= n.as_of and l.late_from > n.as_of, false) as is_due_soon,
    d.delivery_id
from counted_states s
cross join (select max(cut_off) as as_of from deliveries) n
join deadlines l
    on l.accepted_on is not distinct from s.accepted_on and l.completed_on is not distinct from s.completed_on
    and l.due_on is not distinct from s.due_on and l.statutory_days is not distinct from s.statutory_days
join facets f on f.facet_id = s.facet_id
join deliveries d on d.delivery_no = s.from_delivery
join calendar t on t.day = n.as_of
join calendar b on b.day = s.accepted_on
left join calendar e on e.day = l.deadline_on
left join area_names a on a.area_code = s.area_code
where s.to_delivery is null and s.accepted_on <= n.as_of and (s.completed_on is null or s.completed_on > n.as_of)
