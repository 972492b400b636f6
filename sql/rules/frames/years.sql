-- Grain: one year through the newest cut-off whose days off nobody has announced, though those of an earlier one are.
-- cut_off, place: the newest one; the year
-- is_used: 1 where the week of the newest cut-off has a day of it, or the working days of a completed case do
with unannounced as (
    select extract(year from c.day) as year, w.cut_off, w.monday, min(c.day) as first_day, max(c.day) as last_day
    from calendar c
    join covered_week w on c.day <= w.cut_off
    where not c.is_announced and c.day > (select min(day) from calendar where is_announced)
    group by extract(year from c.day), w.cut_off, w.monday
),
worked as (
    -- the working days of a case begin the day after its acceptance
    select u.year
    from unannounced u
    join counted_states s on s.completed_on >= u.first_day and s.accepted_on < u.last_day
    where s.to_delivery is null and s.completed_on > s.accepted_on
    group by u.year
)
select
    u.cut_off, cast(u.year as varchar) as place,
    case when u.last_day >= u.monday or w.year is not null then 1 else 0 end as is_used
from unannounced u
left join worked w on w.year = u.year
order by u.year
