-- Grain: one year, one department and one combination of categories, net of all deliveries. Void and 不予受理 are left out already.
-- year: the year of acceptance or completion
-- is_complete: the department's deliveries are complete from 1 January of it through the newest cut-off of it (coverage)
-- department: 实施主体 or 受理部门
-- item_type_label: 事项类型
-- group_key: licence, public_service, other_power, unclassified
-- area_code: 行政区划
-- area_name: its name; empty where the source profile tells none
-- is_in_scope: whether the area is 省本级
-- case_kind: 办件类型
-- channel: 申请方式
-- accepted: 受理, cases
-- completed: 办结, cases
-- carried_over: of completed, accepted in an earlier year
select
    c.year, coalesce(v.is_complete, false) as is_complete,
    c.department, c.item_type_label, c.group_key, c.area_code, coalesce(a.area_name, '') as area_name, c.is_in_scope, c.case_kind, c.channel,
    c.accepted, c.completed, c.carried_over
from (
    select
        extract(year from day) as year,
        department, item_type_label, group_key, area_code, is_in_scope, case_kind, channel,
        cast(sum(accepted) as bigint) as accepted,
        cast(sum(completed) as bigint) as completed,
        cast(sum(carried_over) as bigint) as carried_over
    from daily_count
    group by extract(year from day), department, item_type_label, group_key, area_code, is_in_scope, case_kind, channel
    having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
) c
left join area_names a on a.area_code = c.area_code
left join (
    select
        d.department, d.year,
        count(*) = 1 and min(d.complete_from) = cast(date_trunc('year', min(d.complete_from)) as date)
            and min(d.complete_through) = max(s.complete_through) as is_complete
    from coverage d
    join coverage s on s.part = 'source' and s.year = d.year
    where d.part = 'department'
    group by d.department, d.year
) v on v.department = c.department and v.year = c.year
