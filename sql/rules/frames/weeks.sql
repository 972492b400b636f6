-- Grain: one group in scope and one measure, in the bulletin week asked (judged_weeks), against the weeks before.
-- place: the group and the measure, and its cases
-- volume_z: robust z-score of its cases per working day: 0.6745 × distance from the median / median distance from it, which is
--     taken as a twentieth of the median and as its square root at least; NULL with too few weeks before
-- year_on_year_factor: against the same week last year, as a factor either way (1000: none at all); NULL where that had too few cases
with counted as (
    select
        w.age, g.position, g.label, m.measure, w.working_days,
        coalesce(sum(case when m.measure = '受理' then c.accepted else c.completed end), 0) as cases
    from judged_weeks w
    cross join figure_groups g
    cross join (select '受理' as measure union all select '办结' as measure) m
    left join daily_count c on c.day >= w.start_on and c.day <= w.end_on and c.is_in_scope and c.group_key = g.group_key
    where g.position <= 3
    group by w.age, g.position, g.label, m.measure, w.working_days
),
rated as (
    select age, position, label, measure, cases, cast(cases as double) / working_days as rate
    from counted
),
known as (
    -- from the first week on that has cases at all: before it nothing was delivered
    select position, measure, max(age) as weeks
    from rated
    where age between 1 and 13 and cases > 0
    group by position, measure
),
before as (
    select r.position, r.measure, r.rate, k.weeks
    from rated r
    join known k on k.position = r.position and k.measure = r.measure
    where r.age between 1 and k.weeks
),
medians as (
    select position, measure, weeks, median(rate) as usual
    from before
    group by position, measure, weeks
),
spreads as (
    select b.position, b.measure, median(abs(b.rate - m.usual)) as spread
    from before b
    join medians m on m.position = b.position and m.measure = b.measure
    group by b.position, b.measure
)
select
    concat(n.label, ' ', n.measure, ' ', cast(n.cases as varchar)) as place,
    case
        when m.weeks >= (select max(value) from tolerances where name = 'volume_z_least_weeks')
            then 0.6745 * abs(n.rate - m.usual) / greatest(s.spread, m.usual / 20, sqrt(m.usual))
    end as volume_z,
    case
        when y.cases >= (select max(value) from tolerances where name = 'year_on_year_least_cases')
            then greatest(n.rate / y.rate, coalesce(y.rate / nullif(n.rate, 0), 1000))
    end as year_on_year_factor
from rated n
left join medians m on m.position = n.position and m.measure = n.measure
left join spreads s on s.position = n.position and s.measure = n.measure
left join rated y on y.position = n.position and y.measure = n.measure and y.age = 52
where n.age = 0
order by n.position, n.measure desc
