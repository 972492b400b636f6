-- Grain: one group of the profile, or one department, and its cases in scope, as known by delivery $through_delivery: completed from
-- $start_on through $end_on, or open at the end of $end_on.
-- part, name: group and its key, as in figure_groups; department and 实施主体 or 受理部门
-- completed: cases
-- measured: of these, cases whose working days can be told (accepted, and not completed before that)
-- working_days: their sum
-- median_days: their median; NULL where none is measured
-- judged, on_time: cases with a promised day or a statutory limit 法定时限; of these, cases within it
-- limited, days_ahead: measured cases with a statutory limit; the sum of the working days they were ahead of it
-- still_open: cases accepted by $end_on without a completion by then
-- open_with_deadline: of these, cases with a promised day or a statutory limit
-- overdue, due_soon: of these, cases whose day is past; cases that are due soon (deadlines)
-- departments, silent_departments: those with any of these cases; of these, those that have no completion in this part at all
with shared as (
    -- few combinations instead of millions of cases: these are cheap to choose from
    select group_key, department, accepted_on, completed_on, due_on, statutory_days, count(*) as cases
    from counted_states
    where is_in_scope and group_key <> 'unclassified'
    and from_delivery <= $through_delivery and (to_delivery is null or to_delivery > $through_delivery)
    group by group_key, department, accepted_on, completed_on, due_on, statutory_days
),
dated as (
    select
        group_key, department, statutory_days, working_days, is_on_time, has_completion, is_completed, is_open,
        is_open and has_deadline as is_open_with_deadline, is_open and is_late as is_overdue, is_open and is_soon and not is_late as is_due_soon,
        sum(cases) as cases
    from (
        select
            s.group_key, s.department, s.statutory_days, d.working_days, d.is_on_time, s.cases,
            s.completed_on is not null as has_completion,
            coalesce(s.completed_on >= cast($start_on as date) and s.completed_on <= cast($end_on as date), false) as is_completed,
            coalesce(s.accepted_on <= cast($end_on as date), false)
                and (s.completed_on is null or s.completed_on > cast($end_on as date)) as is_open,
            d.deadline_on is not null as has_deadline,
            coalesce(d.late_from <= cast($end_on as date), false) as is_late,
            coalesce(d.soon_from <= cast($end_on as date), false) as is_soon
        from shared s
        left join deadlines d
            on d.accepted_on is not distinct from s.accepted_on and d.completed_on is not distinct from s.completed_on
            and d.due_on is not distinct from s.due_on and d.statutory_days is not distinct from s.statutory_days
    ) marked
    group by
        group_key, department, statutory_days, working_days, is_on_time, has_completion, is_completed, is_open,
        is_open and has_deadline, is_open and is_late, is_open and is_soon and not is_late
),
parts as (
    select 'group' as part, d.group_key as name, d.* from dated d
    union all
    select 'department' as part, d.department as name, d.* from dated d
),
ranked as (
    select
        part, name, days,
        sum(cases) over (partition by part, name order by days rows between unbounded preceding and current row) as through,
        sum(cases) over (partition by part, name) as total,
        cases
    from (
        select part, name, working_days as days, sum(cases) as cases
        from parts
        where is_completed and working_days is not null
        group by part, name, working_days
    ) by_days
),
medians as (
    -- the middle case, or the two middle ones
    select part, name, avg(days) as median_days
    from ranked
    where through - cases < (total + 2) / 2.0 and through >= total / 2.0
    group by part, name
),
feedback as (
    select part, name, count(*) as departments, sum(case when has_completion then 0 else 1 end) as silent_departments
    from (
        select part, name, department, max(cast(has_completion as integer)) = 1 as has_completion
        from parts
        group by part, name, department
        having max(cast(is_completed or is_open as integer)) = 1
    ) each_one
    group by part, name
),
sums as (
    select
        part, name,
        sum(cases) filter (where is_completed) as completed,
        sum(cases) filter (where is_completed and working_days is not null) as measured,
        sum(working_days * cases) filter (where is_completed) as working_days,
        sum(cases) filter (where is_completed and is_on_time is not null) as judged,
        sum(cases) filter (where is_completed and is_on_time) as on_time,
        sum(cases) filter (where is_completed and working_days is not null and statutory_days is not null) as limited,
        sum((statutory_days - working_days) * cases) filter (where is_completed) as days_ahead,
        sum(cases) filter (where is_open) as still_open,
        sum(cases) filter (where is_open_with_deadline) as open_with_deadline,
        sum(cases) filter (where is_overdue) as overdue,
        sum(cases) filter (where is_due_soon) as due_soon
    from parts
    where is_completed or is_open
    group by part, name
),
lines as (
    select 'group' as part, group_key as name, position
    from figure_groups
    where group_key not in ('unclassified', 'out_of_scope')
    union all
    select 'department' as part, name, 1000 as position from sums where part = 'department'
)
select
    g.part, g.name,
    cast(coalesce(s.completed, 0) as bigint) as completed,
    cast(coalesce(s.measured, 0) as bigint) as measured,
    cast(coalesce(s.working_days, 0) as bigint) as working_days,
    cast(m.median_days as double) as median_days,
    cast(coalesce(s.judged, 0) as bigint) as judged,
    cast(coalesce(s.on_time, 0) as bigint) as on_time,
    cast(coalesce(s.limited, 0) as bigint) as limited,
    cast(coalesce(s.days_ahead, 0) as bigint) as days_ahead,
    cast(coalesce(s.still_open, 0) as bigint) as still_open,
    cast(coalesce(s.open_with_deadline, 0) as bigint) as open_with_deadline,
    cast(coalesce(s.overdue, 0) as bigint) as overdue,
    cast(coalesce(s.due_soon, 0) as bigint) as due_soon,
    cast(coalesce(f.departments, 0) as bigint) as departments,
    cast(coalesce(f.silent_departments, 0) as bigint) as silent_departments
from lines g
left join sums s on s.part = g.part and s.name = g.name
left join medians m on m.part = g.part and m.name = g.name
left join feedback f on f.part = g.part and f.name = g.name
order by
    g.part desc, g.position, coalesce(s.overdue, 0) desc, coalesce(s.due_soon, 0) desc, coalesce(s.completed, 0) desc, g.name
