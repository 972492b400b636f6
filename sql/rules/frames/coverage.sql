-- Grain: one department, at the newest cut-off: listed in the profile, or with business in the weeks before or now.
-- cut_off, place: the newest one; the department
-- expected: listed, daily, weekly (learnt from the weeks before), or occasional
-- cases: accepted and completed in the week of the cut-off
-- cases_a_week: the same, on the average of the weeks before
-- rows_delivered: its rows in the newest deliveries
-- newest_at: the newest acceptance or completion there, not after the cut-off
-- working_days, days_covered: of the week through the cut-off: working days, and those with business
-- days_missing: working days without business, of a department that is expected daily
-- is_missing: 1 where it is expected and nothing came of it
-- is_cut: 1 where it is expected daily and its rows end before the last working day does
-- has_none: nothing came of it and nothing is missed: 无业务, as usual or as the delivery says
with newest as (
    select max(c.day) as last_day, n.cut_off, n.known_from
    from (select max(cut_off) as cut_off, cast(date_trunc('year', min(cut_off)) as date) as known_from from deliveries) n
    join calendar c on c.day <= n.cut_off and c.is_working_day
    group by n.cut_off, n.known_from
),
weeks as (
    select
        cut_off, last_day,
        last_day - cast(date_diff('day', cast('1900-01-01' as date), last_day) % 7 as integer) as monday,
        known_from
    from newest
),
learning as (
    select
        cut_off, last_day, monday,
        greatest(monday - cast(7 * (select max(value) from tolerances where name = 'coverage_weeks') as integer), known_from) as learnt_from
    from weeks
),
usual_days as (
    select
        count(*) as days,
        count(distinct floor(date_diff('day', cast('1900-01-01' as date), c.day) / 7)) as weeks
    from calendar c
    join learning l on c.day >= l.learnt_from and c.day < l.monday
    where c.is_working_day
),
business as (
    select c.department, c.day, w.is_working_day, sum(c.accepted) + sum(c.completed) as cases
    from daily_count c
    join learning l on c.day >= l.learnt_from and c.day <= l.cut_off
    join calendar w on w.day = c.day
    where c.department <> ''
    group by c.department, c.day, w.is_working_day
    having sum(c.accepted) + sum(c.completed) > 0
),
usual as (
    select
        b.department,
        sum(b.cases) as cases,
        sum(case when b.is_working_day then b.cases else 0 end) as cases_on_working_days,
        count(*) filter (where b.is_working_day) as days,
        count(distinct floor(date_diff('day', cast('1900-01-01' as date), b.day) / 7)) as weeks
    from business b
    join learning l on b.day < l.monday
    group by b.department
),
learnt as (
    select
        u.department, u.cases / nullif(d.weeks, 0) as cases_a_week,
        case
            when d.weeks < (select max(value) from tolerances where name = 'coverage_least_weeks') then 'occasional'
            when u.days >= d.days * (select max(value) from tolerances where name = 'daily_share')
                and u.cases_on_working_days >= d.days * (select max(value) from tolerances where name = 'daily_least_cases')
                then 'daily'
            when u.weeks >= d.weeks
                and u.cases >= d.weeks * (select max(value) from tolerances where name = 'weekly_least_cases')
                then 'weekly'
            else 'occasional'
        end as expected
    from usual u
    cross join usual_days d
),
this_week as (
    select
        b.department, sum(b.cases) as cases,
        count(*) filter (where b.is_working_day) as days
    from business b
    join learning l on b.day >= l.monday
    group by b.department
),
delivered as (
    select
        v.department, sum(v.row_count) as row_count, max(v.newest_at) as newest_at,
        max(case when v.has_clock then 1 else 0 end) as has_clock
    from delivered_departments v
    join delivered_tables t on t.table_no = v.table_no
    join deliveries d on d.delivery_no = t.delivery_no
    join learning l on l.cut_off = d.cut_off
    where v.department <> ''
    group by v.department
),
departments as (
    select department from learnt
    union
    select department from this_week
    union
    select department from delivered
    union
    select department from expected_departments
),
judged as (
    select
        l.cut_off, l.last_day, p.department,
        case when e.department is not null then 'listed' else coalesce(n.expected, 'occasional') end as expected,
        coalesce(n.expected, '') = 'daily' as is_daily,
        cast(coalesce(w.cases, 0) as bigint) as cases,
        coalesce(n.cases_a_week, 0) as cases_a_week,
        cast(coalesce(d.row_count, 0) as bigint) as rows_delivered,
        d.newest_at, coalesce(d.has_clock, 0) as has_clock,
        (select count(*) from calendar c where c.is_working_day and c.day >= l.monday and c.day <= l.cut_off) as working_days,
        coalesce(w.days, 0) as days_covered,
        b.department is not null as is_excused
    from departments p
    cross join learning l
    left join learnt n on n.department = p.department
    left join this_week w on w.department = p.department
    left join delivered d on d.department = p.department
    left join expected_departments e on e.department = p.department
    left join no_business b on b.department = p.department and b.cut_off = l.cut_off
)
select
    cut_off, department as place, expected, cases, cases_a_week, rows_delivered, newest_at, working_days, days_covered,
    case when is_daily and rows_delivered > 0 then working_days - days_covered else 0 end as days_missing,
    case when rows_delivered = 0 and cases = 0 and expected <> 'occasional' and not is_excused then 1 else 0 end as is_missing,
    case
        when is_daily and rows_delivered > 0 and not is_excused
            and newest_at < case
                when has_clock = 1
                    then cast(last_day as timestamp) + interval 1 hour * cast((select max(value) from tolerances where name = 'tail_hour') as integer)
                else cast(last_day as timestamp)
            end
            then 1
        else 0
    end as is_cut,
    rows_delivered = 0 and cases = 0 and (expected = 'occasional' or is_excused) as has_none
from judged
order by place
