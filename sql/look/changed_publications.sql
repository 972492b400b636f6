-- Grain: one published week of which a group counts otherwise today, from the start of its year through its end.
-- week_ending: its last day
with days as (
    select day, group_key, sum(accepted) as accepted, sum(completed) as completed
    from daily_count
    where is_in_scope
    group by day, group_key
),
today as (
    select
        p.week_ending, p.group_key, p.accepted, p.completed,
        coalesce(sum(d.accepted), 0) as accepted_today, coalesce(sum(d.completed), 0) as completed_today
    from published_figures p
    left join days d
        on d.group_key = p.group_key
        and d.day >= cast(date_trunc('year', p.week_ending) as date) and d.day <= p.week_ending
    group by p.week_ending, p.group_key, p.accepted, p.completed
)
select distinct week_ending
from today
where accepted <> accepted_today or completed <> completed_today
order by week_ending
