-- becomes: a table
-- Grain: one line: the week of the newest cut-off, from its Monday through the cut-off.
-- cut_off: the newest one
-- last_day: its last working day
-- monday: the first day of that day's week
-- working_days: of the week through the cut-off
-- tail_at: the moment of the last working day from which on each export has some event
-- learnt_from: the first day of the weeks before, which tell when a department has business; the source is complete since then
with newest as (
    select max(c.day) as last_day, n.cut_off, coalesce(s.complete_from, n.cut_off) as known_from
    from (select max(cut_off) as cut_off from deliveries) n
    join calendar c on c.day <= n.cut_off and c.is_working_day
    left join (select max(complete_from) as complete_from from covered_spells where part = 'source') s on s.complete_from is not null
    group by n.cut_off, s.complete_from
),
weeks as (
    select
        cut_off, last_day,
        last_day - cast(date_diff('day', cast('1900-01-01' as date), last_day) % 7 as integer) as monday,
        known_from
    from newest
)
select
    w.cut_off, w.last_day, w.monday,
    (select count(*) from calendar c where c.is_working_day and c.day >= w.monday and c.day <= w.cut_off) as working_days,
    cast(w.last_day as timestamp)
        + interval 1 hour * cast((select max(value) from tolerances where name = 'tail_hour') as integer) as tail_at,
    greatest(w.monday - cast(7 * (select max(value) from tolerances where name = 'coverage_weeks') as integer), w.known_from) as learnt_from
from weeks w
