-- Grain: one week of asked_weeks and one line of the section, as it is counted today from the start of its year through its end.
-- week_ending: its last day
-- group_key: the line
-- accepted, completed, carried_over: as counts_in_window
with days as (
    select
        day, case when is_in_scope then group_key else 'out_of_scope' end as group_key,
        sum(accepted) as accepted, sum(completed) as completed, sum(carried_over) as carried_over
    from daily_count
    group by day, case when is_in_scope then group_key else 'out_of_scope' end
)
select
    w.week_ending, g.group_key,
    cast(coalesce(sum(d.accepted), 0) as bigint) as accepted,
    cast(coalesce(sum(d.completed), 0) as bigint) as completed,
    cast(coalesce(sum(d.carried_over), 0) as bigint) as carried_over
from asked_weeks w
cross join figure_groups g
left join days d
    on d.group_key = g.group_key
    and d.day >= cast(date_trunc('year', w.week_ending) as date) and d.day <= w.week_ending
group by w.week_ending, g.group_key
order by w.week_ending, g.group_key
