-- Grain: one line of the section at the newest cut-off: what the checks see of the figures.
-- cut_off: the newest one
-- place: licence, public_service, other_power, unclassified, out_of_scope
-- accepted, completed, carried_over: year-to-date
-- smallest: the smallest of the three on any day from 1 January on
with newest as (
    select max(cut_off) as end_on from deliveries
),
days as (
    select
        case when is_in_scope then group_key else 'out_of_scope' end as group_key,
        day,
        sum(accepted) as accepted, sum(completed) as completed, sum(carried_over) as carried_over
    from daily_count
    group by case when is_in_scope then group_key else 'out_of_scope' end, day
)
select
    n.end_on as cut_off,
    g.group_key as place,
    cast(coalesce(sum(d.accepted), 0) as bigint) as accepted,
    cast(coalesce(sum(d.completed), 0) as bigint) as completed,
    cast(coalesce(sum(d.carried_over), 0) as bigint) as carried_over,
    cast(coalesce(min(least(d.accepted, d.completed, d.carried_over)), 0) as bigint) as smallest
from figure_groups g
cross join newest n
left join days d
    on d.group_key = g.group_key
    and d.day >= cast(date_trunc('year', n.end_on) as date) and d.day <= n.end_on
group by n.end_on, g.group_key
