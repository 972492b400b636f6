-- Grain: one year, one item of one department, area and channel, in the newest truth. Void and 不予受理 are left out already.
-- year: the year of acceptance or completion
-- item_code: 实施编码
-- item_name: 事项名称
-- item_type_label: 事项类型
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
    c.year, f.item_code, f.item_name, f.item_type_label, f.group_key, f.department,
    f.area_code, coalesce(a.area_name, '') as area_name, f.is_in_scope, f.case_kind, f.channel,
    cast(sum(c.accepted) as bigint) as accepted,
    cast(sum(c.completed) as bigint) as completed,
    cast(sum(c.carried_over) as bigint) as carried_over
from (
    select facet_id, extract(year from accepted_on) as year, count(*) as accepted, 0 as completed, 0 as carried_over
    from counted_states
    where to_delivery is null and accepted_on is not null
    group by facet_id, extract(year from accepted_on)
    union all
    select
        facet_id, extract(year from completed_on) as year, 0 as accepted, count(*) as completed,
        sum(case when is_carried_over then 1 else 0 end) as carried_over
    from counted_states
    where to_delivery is null and completed_on is not null
    group by facet_id, extract(year from completed_on)
) c
join facets f on f.facet_id = c.facet_id
left join area_names a on a.area_code = f.area_code
group by
    c.year, f.item_code, f.item_name, f.item_type_label, f.group_key, f.department, f.area_code, a.area_name, f.is_in_scope, f.case_kind, f.channel
