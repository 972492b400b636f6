-- Grain: one day from 2000 through 2040.
-- day: the day
-- is_working_day: offices work: Monday to Friday, but for holidays and with make-up days, as far as they are announced
-- is_announced: the days off of its year are announced; else Monday to Friday hold, for all that is known
-- working_day_no: working days from 2000 through this day
with days as (
    select cast(unnested as date) as day
    from (select unnest(generate_series(timestamp '2000-01-01', timestamp '2040-12-31', interval 1 day)) as unnested) series
),
judged as (
    select
        d.day,
        coalesce(e.is_working_day, (date_diff('day', cast('1900-01-01' as date), d.day) % 7) + 1 <= 5) as is_working_day,
        y.year is not null as is_announced
    from days d
    left join calendar_exceptions e on e.day = d.day
    left join calendar_years y on y.year = extract(year from d.day)
)
select
    day, is_working_day, is_announced,
    cast(sum(case when is_working_day then 1 else 0 end) over (order by day rows between unbounded preceding and current row) as integer)
        as working_day_no
from judged
