-- Grain: one spell of days in which the source, or one department, is complete: the one rule for what may be compared (docs/method.md §2).
-- part: source: all departments together; department
-- department: 实施主体 or 受理部门; NULL of the source
-- complete_from: from 1 January of the year of the first cut-off of the spell on; or only since business began, where chance does not
--     explain the silence before it
-- complete_through: through the last cut-off of the spell; or only while there was business, where weeks of silence followed that chance
--     does not explain
with cut_offs as (
    select cut_off, row_number() over (order by cut_off) as place
    from (select distinct cut_off from deliveries) each_once
),
numbered as (
    -- deliveries tell the year to date; one of a later year goes on where the last one ended, unless it comes too long after it
    select
        c.cut_off,
        sum(case
            when p.cut_off is null
                or extract(year from c.cut_off) > extract(year from p.cut_off)
                and date_diff('day', p.cut_off, c.cut_off) > (select max(value) from tolerances where name = 'coverage_gap_days')
                then 1
            else 0
        end) over (order by c.cut_off rows between unbounded preceding and current row) as spell_no
    from cut_offs c
    left join cut_offs p on p.place = c.place - 1
),
spells as (
    select spell_no, cast(date_trunc('year', min(cut_off)) as date) as begins_on, max(cut_off) as ends_on
    from numbered
    group by spell_no
),
business as (
    select s.spell_no, c.department, c.day, sum(c.accepted) + sum(c.completed) as cases
    from spells s
    join daily_count c on c.day >= s.begins_on and c.day <= s.ends_on
    group by s.spell_no, c.department, c.day
    having sum(c.accepted) + sum(c.completed) > 0
),
observed as (
    select 'department' as part, spell_no, department, min(day) as first_day, max(day) as last_day, sum(cases) as cases
    from business
    group by spell_no, department
    union all
    select 'source' as part, spell_no, cast(null as varchar) as department, min(day) as first_day, max(day) as last_day, sum(cases) as cases
    from business
    group by spell_no
),
counted as (
    select
        o.part, o.spell_no, o.department, s.begins_on, s.ends_on, o.last_day,
        f.working_day_no - cast(f.is_working_day as integer) as no_before,
        f.working_day_no - cast(f.is_working_day as integer) - (b.working_day_no - cast(b.is_working_day as integer)) as days_before,
        e.working_day_no - l.working_day_no as days_after,
        -- cases on a working day, were they spread evenly over the whole spell
        cast(o.cases as double) / greatest(1, e.working_day_no - b.working_day_no + cast(b.is_working_day as integer)) as cases_a_day
    from observed o
    join spells s on s.spell_no = o.spell_no
    join calendar f on f.day = o.first_day
    join calendar l on l.day = o.last_day
    join calendar b on b.day = s.begins_on
    join calendar e on e.day = s.ends_on
),
judged as (
    select
        c.part, c.spell_no, c.department,
        case
            when c.cases_a_day * c.days_before >= (select max(value) from tolerances where name = 'silence_least_cases')
                then cast(w.day + interval 1 day as date)
            else c.begins_on
        end as complete_from,
        case
            when c.cases_a_day * c.days_after >= (select max(value) from tolerances where name = 'silence_least_cases')
                and c.days_after > 5 * (select max(value) from tolerances where name = 'coverage_least_weeks')
                then c.last_day
            else c.ends_on
        end as complete_through
    from counted c
    left join calendar w on w.is_working_day and w.working_day_no = c.no_before
    union all
    -- who has few cases may have none in a whole spell
    select 'department' as part, s.spell_no, d.department, s.begins_on as complete_from, s.ends_on as complete_through
    from spells s
    cross join (
        select department
        from business
        group by department
        having sum(cases) < (select max(value) from tolerances where name = 'silence_least_cases')
    ) d
    where not exists (select 1 from business b where b.spell_no = s.spell_no and b.department = d.department)
)
select
    j.part, j.department,
    greatest(j.complete_from, s.complete_from) as complete_from,
    least(j.complete_through, s.complete_through) as complete_through
from judged j
join judged s on s.spell_no = j.spell_no and s.part = 'source'
