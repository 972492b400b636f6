-- Grain: one bulletin week 通报周: from its Monday through its last working day. A week wholly of holidays has none.
-- week_start: its Monday
-- week_ending: its last working day, by which it is called
-- counts_from: the day after the bulletin week before: what falls on a weekend or holiday after a bulletin is counted in the next one
-- working_days: from counts_from through week_ending
-- is_complete: the deliveries are complete from counts_from through week_ending (coverage)
with weeks as (
    select
        cast(date_trunc('week', day) as date) as week_start, max(day) as week_ending, max(working_day_no) as working_day_no
    from calendar
    where is_working_day
    group by date_trunc('week', day)
),
numbered as (
    select week_start, week_ending, working_day_no, row_number() over (order by week_ending) as place from weeks
)
select
    w.week_start, w.week_ending,
    cast(p.week_ending + interval 1 day as date) as counts_from,
    w.working_day_no - p.working_day_no as working_days,
    exists (
        select 1 from covered_spells s
        where s.part = 'source' and s.complete_from <= p.week_ending + interval 1 day and s.complete_through >= w.week_ending) as is_complete
from numbered w
join numbered p on p.place = w.place - 1
