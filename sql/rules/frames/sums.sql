-- Grain: one line of the section and one measure, in the window from $start_on through $end_on.
-- place: the line and the measure
-- by_departments, by_areas: its figure from the ledger minus the sum of departments (of areas), each counted case by case
with counted as (
    select facet_id, sum(accepted) as accepted, sum(completed) as completed
    from counted_days
    where day >= cast($start_on as date) and day <= cast($end_on as date)
    group by facet_id
),
cases as (
    select facet_id, 'accepted' as measure, accepted as cases from counted
    union all
    select facet_id, 'completed' as measure, completed as cases from counted
),
lines as (
    select
        case when f.is_in_scope then f.group_key else 'out_of_scope' end as group_key,
        c.measure, f.department, f.area_code, sum(c.cases) as cases
    from cases c
    join facets f on f.facet_id = c.facet_id
    group by case when f.is_in_scope then f.group_key else 'out_of_scope' end, c.measure, f.department, f.area_code
),
departments as (
    select group_key, measure, sum(cases) as cases
    from (select group_key, measure, department, sum(cases) as cases from lines group by group_key, measure, department) each_one
    group by group_key, measure
),
areas as (
    select group_key, measure, sum(cases) as cases
    from (select group_key, measure, area_code, sum(cases) as cases from lines group by group_key, measure, area_code) each_one
    group by group_key, measure
),
ledger as (
    select
        case when is_in_scope then group_key else 'out_of_scope' end as group_key,
        sum(accepted) as accepted, sum(completed) as completed
    from daily_count
    where day >= cast($start_on as date) and day <= cast($end_on as date)
    group by case when is_in_scope then group_key else 'out_of_scope' end
),
figures as (
    select group_key, 'accepted' as measure, accepted as cases from ledger
    union all
    select group_key, 'completed' as measure, completed as cases from ledger
)
select
    concat(g.group_key, ' ', m.measure) as place,
    cast(coalesce(f.cases, 0) - coalesce(d.cases, 0) as bigint) as by_departments,
    cast(coalesce(f.cases, 0) - coalesce(a.cases, 0) as bigint) as by_areas
from figure_groups g
cross join (select 'accepted' as measure union all select 'completed' as measure) m
left join figures f on f.group_key = g.group_key and f.measure = m.measure
left join departments d on d.group_key = g.group_key and d.measure = m.measure
left join areas a on a.group_key = g.group_key and a.measure = m.measure
order by g.position, m.measure
