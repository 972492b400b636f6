-- Grain: one department with cases in scope that are open at the end of $end_on, as known by delivery $through_delivery.
-- department: 实施主体 or 受理部门
-- still_open: accepted, and not completed
-- up_to_five, up_to_ten, up_to_twenty, up_to_sixty, more: of these by age, working days since acceptance (行政许可法 §82): 0–5, 6–10, 11–20, 21–60, above
-- median_age: of the age of all of them
-- due_soon, overdue: at most a tenth of the promised time is left, or one working day; past the promised or statutory day (deadlines)
with shared as (
    select department, accepted_on, completed_on, due_on, statutory_days, count(*) as cases
    from counted_states
    where is_in_scope and group_key <> 'unclassified'
    and accepted_on <= cast($end_on as date) and (completed_on is null or completed_on > cast($end_on as date))
    and from_delivery <= $through_delivery and (to_delivery is null or to_delivery > $through_delivery)
    group by department, accepted_on, completed_on, due_on, statutory_days
),
aged as (
    select
        s.department, s.cases, e.working_day_no - a.working_day_no as age,
        coalesce(d.late_from <= cast($end_on as date), false) as is_overdue,
        coalesce(d.soon_from <= cast($end_on as date) and d.late_from > cast($end_on as date), false) as is_due_soon
    from shared s
    join calendar a on a.day = s.accepted_on
    join calendar e on e.day = cast($end_on as date)
    left join deadlines d
        on d.accepted_on is not distinct from s.accepted_on and d.completed_on is not distinct from s.completed_on
        and d.due_on is not distinct from s.due_on and d.statutory_days is not distinct from s.statutory_days
),
ranked as (
    select
        department, age, cases,
        sum(cases) over (partition by department order by age rows between unbounded preceding and current row) as through,
        sum(cases) over (partition by department) as total
    from (select department, age, sum(cases) as cases from aged group by department, age) by_age
),
medians as (
    -- the middle case, or the two middle ones
    select department, avg(age) as median_age
    from ranked
    where through - cases < (total + 2) / 2.0 and through >= total / 2.0
    group by department
)
select
    g.department,
    cast(sum(g.cases) as bigint) as still_open,
    cast(coalesce(sum(g.cases) filter (where g.age <= 5), 0) as bigint) as up_to_five,
    cast(coalesce(sum(g.cases) filter (where g.age > 5 and g.age <= 10), 0) as bigint) as up_to_ten,
    cast(coalesce(sum(g.cases) filter (where g.age > 10 and g.age <= 20), 0) as bigint) as up_to_twenty,
    cast(coalesce(sum(g.cases) filter (where g.age > 20 and g.age <= 60), 0) as bigint) as up_to_sixty,
    cast(coalesce(sum(g.cases) filter (where g.age > 60), 0) as bigint) as more,
    cast(max(m.median_age) as double) as median_age,
    cast(coalesce(sum(g.cases) filter (where g.is_due_soon), 0) as bigint) as due_soon,
    cast(coalesce(sum(g.cases) filter (where g.is_overdue), 0) as bigint) as overdue
from aged g
join medians m on m.department is not distinct from g.department
group by g.department
order by overdue desc, still_open desc, g.department
