-- Grain: one group in scope and one measure, in the bulletin week asked (judged_weeks), against the weeks before. Only
-- weeks that the source is complete in are compared, and only departments that are complete in all of these (covered_spells).
-- place: the group and the measure, and its cases
-- volume_z: robust z-score of its cases per working day: 0.6745 × distance from the median / median distance from it, which is
--     taken as a twentieth of the median and as its square root at least; NULL with too few weeks before
-- year_on_year_factor: against the same week last year, as a factor either way (1000: none at all); NULL where that had too few cases
with comparisons as (
    select 'weeks before' as kind, age, start_on, end_on, working_days from judged_weeks where age <= 13
    union all
    select 'last year' as kind, age, start_on, end_on, working_days from judged_weeks where age in (0, 52)
),
covering as (
    select c.kind, c.age, c.start_on, c.end_on, c.working_days, s.part, s.department
    from comparisons c
    join covered_spells s on s.complete_from <= c.start_on and s.complete_through >= c.end_on
),
weeks as (
    select kind, age, start_on, end_on, working_days from covering where part = 'source'
),
departments as (
    select c.kind, c.department
    from covering c
    join weeks w on w.kind = c.kind and w.age = c.age
    join (select kind, count(*) as weeks from weeks group by kind) n on n.kind = c.kind
    where c.part = 'department'
    group by c.kind, c.department, n.weeks
    having count(*) = n.weeks
),
rated as (
    select
        w.kind, w.age, g.position, m.measure,
        coalesce(sum(case when m.measure = '受理' then c.accepted else c.completed end), 0) as cases,
        cast(coalesce(sum(case when m.measure = '受理' then c.accepted else c.completed end), 0) as double) / w.working_days as rate
    from weeks w
    cross join figure_groups g
    cross join (select '受理' as measure union all select '办结' as measure) m
    left join (
        select d.kind, c.group_key, c.day, sum(c.accepted) as accepted, sum(c.completed) as completed
        from daily_count c
        join departments d on d.department = c.department
        where c.is_in_scope
        group by d.kind, c.group_key, c.day
    ) c on c.kind = w.kind and c.day >= w.start_on and c.day <= w.end_on and c.group_key = g.group_key
    where g.position <= 3
    group by w.kind, w.age, g.position, m.measure, w.working_days
),
medians as (
    select position, measure, count(*) as weeks, median(rate) as usual
    from rated
    where kind = 'weeks before' and age > 0
    group by position, measure
),
spreads as (
    select b.position, b.measure, median(abs(b.rate - m.usual)) as spread
    from rated b
    join medians m on m.position = b.position and m.measure = b.measure
    where b.kind = 'weeks before' and b.age > 0
    group by b.position, b.measure
),
counted as (
    select
        g.position, g.label, m.measure,
        coalesce(sum(case when m.measure = '受理' then c.accepted else c.completed end), 0) as cases
    from judged_weeks w
    cross join figure_groups g
    cross join (select '受理' as measure union all select '办结' as measure) m
    left join daily_count c on c.day >= w.start_on and c.day <= w.end_on and c.is_in_scope and c.group_key = g.group_key
    where w.age = 0 and g.position <= 3
    group by g.position, g.label, m.measure
)
select
    concat(c.label, ' ', c.measure, ' ', cast(c.cases as varchar)) as place,
    case
        when m.weeks >= (select max(value) from tolerances where name = 'volume_z_least_weeks')
            then 0.6745 * abs(n.rate - m.usual) / nullif(greatest(s.spread, m.usual / 20, sqrt(m.usual)), 0)
    end as volume_z,
    case
        when t.age = 0 and y.cases >= (select max(value) from tolerances where name = 'year_on_year_least_cases')
            then greatest(t.rate / y.rate, coalesce(y.rate / nullif(t.rate, 0), 1000))
    end as year_on_year_factor
from counted c
left join rated n on n.position = c.position and n.measure = c.measure and n.kind = 'weeks before' and n.age = 0
left join medians m on m.position = c.position and m.measure = c.measure
left join spreads s on s.position = c.position and s.measure = c.measure
left join rated t on t.position = c.position and t.measure = c.measure and t.kind = 'last year' and t.age = 0
left join rated y on y.position = c.position and y.measure = c.measure and y.kind = 'last year' and y.age = 52
order by c.position, c.measure desc
