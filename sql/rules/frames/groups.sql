-- Grain: one group that has a line in the section or needs one, at the newest cut-off: what the checks see of the figures.
-- cut_off: the newest one
-- place: its key; unclassified, out_of_scope
-- lines: how many lines it has: one
-- accepted, completed, carried_over: year-to-date
-- smallest: the smallest of the three on any day from 1 January on
with newest as (
    select max(cut_off) as end_on from deliveries
),
needed as (
    -- the lines of the section, and what a case may be counted in
    select group_key from figure_groups
    union select group_key from item_types
    union
    select group_key from daily_count where is_in_scope group by group_key
    having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
    union select 'unclassified'
    union select 'out_of_scope'
),
lines as (
    select group_key, count(*) as lines from figure_groups group by group_key
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
    coalesce(l.lines, 0) as lines,
    cast(coalesce(sum(d.accepted), 0) as bigint) as accepted,
    cast(coalesce(sum(d.completed), 0) as bigint) as completed,
    cast(coalesce(sum(d.carried_over), 0) as bigint) as carried_over,
    cast(coalesce(min(least(d.accepted, d.completed, d.carried_over)), 0) as bigint) as smallest
from needed g
cross join newest n
left join lines l on l.group_key = g.group_key
left join days d
    on d.group_key = g.group_key
    and d.day >= cast(date_trunc('year', n.end_on) as date) and d.day <= n.end_on
group by n.end_on, g.group_key, l.lines
