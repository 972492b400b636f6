-- Grain: one group of the profile in scope: from $start_on through $end_on, against $earlier_start_on through $earlier_end_on, by deliveries
-- with a cut-off up to $as_of. Only departments that are complete in both (covered_spells) are compared.
-- group_key, label: its key and name
-- accepted, completed: cases; of all departments where the source is not complete in both
-- earlier_accepted, earlier_completed: cases of the earlier window; NULL where the source is not complete in both
-- left_out: departments with cases in one of them that are not complete in both; NULL: none
with covering as (
    select part, department
    from covered_spells
    where complete_from <= cast($start_on as date) and complete_through >= cast($end_on as date)
    intersect
    select part, department
    from covered_spells
    where complete_from <= cast($earlier_start_on as date) and complete_through >= cast($earlier_end_on as date)
),
counted as (
    select
        group_key, department, day >= cast($start_on as date) and day <= cast($end_on as date) as is_now,
        sum(accepted) as accepted, sum(completed) as completed
    from daily_count
    where is_in_scope and cut_off <= cast($as_of as date)
    and (
        day >= cast($start_on as date) and day <= cast($end_on as date)
        or day >= cast($earlier_start_on as date) and day <= cast($earlier_end_on as date))
    group by group_key, department, day >= cast($start_on as date) and day <= cast($end_on as date)
    having sum(accepted) <> 0 or sum(completed) <> 0
),
source as (
    select count(*) = 1 as is_covered from covering where part = 'source'
),
matched as (
    select c.group_key, c.department, c.is_now, c.accepted, c.completed, v.department is not null or not s.is_covered as is_compared
    from counted c
    cross join source s
    left join covering v on v.part = 'department' and v.department = c.department
)
select
    g.group_key, g.label,
    cast(coalesce(sum(m.accepted) filter (where m.is_now and m.is_compared), 0) as bigint) as accepted,
    cast(coalesce(sum(m.completed) filter (where m.is_now and m.is_compared), 0) as bigint) as completed,
    case when s.is_covered then cast(coalesce(sum(m.accepted) filter (where not m.is_now and m.is_compared), 0) as bigint) end as earlier_accepted,
    case when s.is_covered then cast(coalesce(sum(m.completed) filter (where not m.is_now and m.is_compared), 0) as bigint) end as earlier_completed,
    string_agg(distinct m.department, '、' order by m.department) filter (where not m.is_compared) as left_out
from figure_groups g
cross join source s
left join matched m on m.group_key = g.group_key
where g.group_key not in ('unclassified', 'out_of_scope')
group by g.position, g.group_key, g.label, s.is_covered
order by g.position
