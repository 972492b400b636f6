-- becomes: a table
-- Grain: one department with business in the week of the newest cut-off (covered_week) or in the weeks before.
-- department: 实施主体 or 受理部门
-- expected: daily, weekly (learnt from the weeks before), or occasional
-- cases_a_week: accepted and completed, on the average of the weeks before; NULL without any
-- cases: the same in the week itself; NULL without any
-- days_covered: working days of the week with business
with usual_days as (
    select
        count(*) as days,
        count(distinct floor(date_diff('day', cast('1900-01-01' as date), c.day) / 7)) as weeks
    from calendar c
    join covered_week w on c.day >= w.learnt_from and c.day < w.monday
    where c.is_working_day
),
business as (
    select c.department, c.day, d.is_working_day, c.day >= w.monday as is_this_week, sum(c.accepted) + sum(c.completed) as cases
    from daily_count c
    join covered_week w on c.day >= w.learnt_from and c.day <= w.cut_off
    join calendar d on d.day = c.day
    where c.department <> ''
    group by c.department, c.day, d.is_working_day, c.day >= w.monday
    having sum(c.accepted) + sum(c.completed) > 0
),
departments as (
    select
        department,
        sum(cases) filter (where not is_this_week) as usual_cases,
        sum(cases) filter (where not is_this_week and is_working_day) as usual_cases_on_working_days,
        count(*) filter (where not is_this_week and is_working_day) as usual_days,
        count(distinct floor(date_diff('day', cast('1900-01-01' as date), day) / 7)) filter (where not is_this_week) as usual_weeks,
        sum(cases) filter (where is_this_week) as cases,
        count(*) filter (where is_this_week and is_working_day) as days_covered
    from business
    group by department
)
select
    b.department,
    case
        when d.weeks < (select max(value) from tolerances where name = 'coverage_least_weeks') then 'occasional'
        when b.usual_days >= d.days * (select max(value) from tolerances where name = 'daily_share')
            and b.usual_cases_on_working_days >= d.days * (select max(value) from tolerances where name = 'daily_least_cases')
            then 'daily'
        when b.usual_weeks >= d.weeks
            and b.usual_cases >= d.weeks * (select max(value) from tolerances where name = 'weekly_least_cases')
            then 'weekly'
        else 'occasional'
    end as expected,
    b.usual_cases / nullif(d.weeks, 0) as cases_a_week,
    b.cases, b.days_covered
from departments b
cross join usual_days d
