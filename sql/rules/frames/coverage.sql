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
with listed as (
    -- as the exports spell them, whatever width the profile's list has
    select coalesce(min(f.department), e.department) as department
    from expected_departments e
    left join (select distinct department from facets) f on comparable(f.department) = comparable(e.department)
    group by e.department
),
delivered as (
    select
        v.department, sum(v.row_count) as row_count, max(v.newest_at) as newest_at,
        max(case when v.has_clock then 1 else 0 end) as has_clock
    from delivered_departments v
    join delivered_tables t on t.table_no = v.table_no
    join deliveries d on d.delivery_no = t.delivery_no
    join covered_week w on w.cut_off = d.cut_off
    where v.department <> ''
    group by v.department
),
departments as (
    select department from usual_business
    union
    select department from delivered
    union
    select department from listed
),
judged as (
    select
        w.cut_off, p.department, w.working_days,
        case when e.department is not null then 'listed' else coalesce(u.expected, 'occasional') end as expected,
        coalesce(u.expected, '') = 'daily' as is_daily,
        cast(coalesce(u.cases, 0) as bigint) as cases,
        coalesce(u.cases_a_week, 0) as cases_a_week,
        cast(coalesce(d.row_count, 0) as bigint) as rows_delivered,
        d.newest_at,
        case when d.has_clock = 1 then w.tail_at else cast(w.last_day as timestamp) end as reaches_to,
        coalesce(u.days_covered, 0) as days_covered,
        b.department is not null as is_excused
    from departments p
    cross join covered_week w
    left join usual_business u on u.department = p.department
    left join delivered d on d.department = p.department
    left join listed e on e.department = p.department
    left join no_business b on comparable(b.department) = comparable(p.department) and b.cut_off = w.cut_off
)
select
    cut_off, department as place, expected, cases, cases_a_week, rows_delivered, newest_at, working_days, days_covered,
    case when is_daily and rows_delivered > 0 then working_days - days_covered else 0 end as days_missing,
    case when rows_delivered = 0 and cases = 0 and expected <> 'occasional' and not is_excused then 1 else 0 end as is_missing,
    case when is_daily and rows_delivered > 0 and not is_excused and newest_at < reaches_to then 1 else 0 end as is_cut,
    rows_delivered = 0 and cases = 0 and (expected = 'occasional' or is_excused) as has_none
from judged
order by place
