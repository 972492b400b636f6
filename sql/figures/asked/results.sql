-- Grain: one group of the section, and one department of it, in scope: how its cases went from $start_on through $end_on, as known by
-- delivery $through_delivery.
-- group_key: licence, public_service, other_power, or what the source profile names
-- department: 实施主体 or 受理部门
-- applied: 申请 in the window, cases, also those that were not admitted
-- accepted, completed: 受理, 办结 in the window, cases
-- granted, denied, returned, forwarded, revoked: of completed, by 办结结果 (result_kinds): 准予, 不予, 退件, 转报, 撤销
-- others: of completed, every other result, and none; the six add up to completed
with applied as (
    select f.group_key, f.department, count(*) as cases
    from case_states s
    join facets f on f.facet_id = s.facet_id
    join outcomes o on o.outcome_id = s.outcome_id
    where f.is_in_scope and not o.is_void
    and s.applied_at >= cast($start_on as date) and s.applied_at < cast($end_on as date) + interval 1 day
    and s.from_delivery <= $through_delivery and (s.to_delivery is null or s.to_delivery > $through_delivery)
    group by f.group_key, f.department
),
counted as (
    select
        group_key, department, outcome_id,
        coalesce(accepted_on >= cast($start_on as date) and accepted_on <= cast($end_on as date), false) as is_accepted,
        coalesce(completed_on >= cast($start_on as date) and completed_on <= cast($end_on as date), false) as is_completed,
        count(*) as cases
    from counted_states
    where is_in_scope
    and from_delivery <= $through_delivery and (to_delivery is null or to_delivery > $through_delivery)
    group by
        group_key, department, outcome_id,
        coalesce(accepted_on >= cast($start_on as date) and accepted_on <= cast($end_on as date), false),
        coalesce(completed_on >= cast($start_on as date) and completed_on <= cast($end_on as date), false)
),
parts as (
    select group_key, department, cases as applied, 0 as accepted, 0 as completed, '' as kind from applied
    union all
    select group_key, department, 0 as applied, cases as accepted, 0 as completed, '' as kind from counted where is_accepted
    union all
    select c.group_key, c.department, 0 as applied, 0 as accepted, c.cases as completed, coalesce(k.kind, 'others') as kind
    from counted c
    join outcomes o on o.outcome_id = c.outcome_id
    left join result_kinds k on k.name = comparable(o.result)
    where c.is_completed
)
select
    g.group_key, p.department,
    cast(sum(p.applied) as bigint) as applied,
    cast(sum(p.accepted) as bigint) as accepted,
    cast(sum(p.completed) as bigint) as completed,
    cast(sum(case when p.kind = 'granted' then p.completed else 0 end) as bigint) as granted,
    cast(sum(case when p.kind = 'denied' then p.completed else 0 end) as bigint) as denied,
    cast(sum(case when p.kind = 'returned' then p.completed else 0 end) as bigint) as returned,
    cast(sum(case when p.kind = 'forwarded' then p.completed else 0 end) as bigint) as forwarded,
    cast(sum(case when p.kind = 'revoked' then p.completed else 0 end) as bigint) as revoked,
    cast(sum(case when p.kind = 'others' then p.completed else 0 end) as bigint) as others
from parts p
join figure_groups g on g.group_key = p.group_key and g.group_key not in ('unclassified', 'out_of_scope')
group by g.position, g.group_key, p.department
order by g.position, sum(p.completed) desc, sum(p.accepted) desc, p.department
