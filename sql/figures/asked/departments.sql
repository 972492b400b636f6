-- Grain: one department with cases in scope from $start_on through $end_on, as known by delivery $through_delivery.
-- department: 实施主体 or 受理部门
-- accepted, completed: 受理, 办结, cases
-- immediate, promised: of completed, 即办件 and 承诺件 (case_kinds); other kinds, and none, are in neither
-- measured, working_days: of completed, those whose working days can be told (deadlines), and the sum of these days
-- judged, on_time, early: of completed, those with a promised or statutory day; within it; before it
-- overdue: open at the end of the window, and past that day: late, too
-- limited, limit_days, used_days: of completed, those with working days and a statutory limit; the sums of both
with shared as (
    -- few combinations instead of millions of cases: these are cheap to choose from
    select department, case_kind, accepted_on, completed_on, due_on, statutory_days, count(*) as cases
    from counted_states
    where is_in_scope and group_key <> 'unclassified'
    and from_delivery <= $through_delivery and (to_delivery is null or to_delivery > $through_delivery)
    group by department, case_kind, accepted_on, completed_on, due_on, statutory_days
),
marked as (
    select
        s.department, s.cases, s.statutory_days, d.working_days, d.deadline_on, d.is_on_time, k.is_immediate,
        coalesce(s.accepted_on >= cast($start_on as date) and s.accepted_on <= cast($end_on as date), false) as is_accepted,
        coalesce(s.completed_on >= cast($start_on as date) and s.completed_on <= cast($end_on as date), false) as is_completed,
        s.completed_on < d.deadline_on as is_early,
        coalesce(s.accepted_on <= cast($end_on as date) and d.late_from <= cast($end_on as date), false)
            and (s.completed_on is null or s.completed_on > cast($end_on as date)) as is_overdue
    from shared s
    left join deadlines d
        on d.accepted_on is not distinct from s.accepted_on and d.completed_on is not distinct from s.completed_on
        and d.due_on is not distinct from s.due_on and d.statutory_days is not distinct from s.statutory_days
    left join case_kinds k on k.name = s.case_kind
)
select
    department,
    cast(coalesce(sum(cases) filter (where is_accepted), 0) as bigint) as accepted,
    cast(coalesce(sum(cases) filter (where is_completed), 0) as bigint) as completed,
    cast(coalesce(sum(cases) filter (where is_completed and is_immediate), 0) as bigint) as immediate,
    cast(coalesce(sum(cases) filter (where is_completed and not is_immediate), 0) as bigint) as promised,
    cast(coalesce(sum(cases) filter (where is_completed and working_days is not null), 0) as bigint) as measured,
    cast(coalesce(sum(cases * working_days) filter (where is_completed), 0) as bigint) as working_days,
    cast(coalesce(sum(cases) filter (where is_completed and is_on_time is not null), 0) as bigint) as judged,
    cast(coalesce(sum(cases) filter (where is_completed and is_on_time), 0) as bigint) as on_time,
    cast(coalesce(sum(cases) filter (where is_completed and is_on_time and is_early), 0) as bigint) as early,
    cast(coalesce(sum(cases) filter (where is_overdue), 0) as bigint) as overdue,
    cast(coalesce(sum(cases) filter (where is_completed and working_days is not null and statutory_days is not null), 0) as bigint) as limited,
    cast(coalesce(sum(cases * statutory_days) filter (where is_completed and working_days is not null), 0) as bigint) as limit_days,
    cast(coalesce(sum(cases * working_days) filter (where is_completed and statutory_days is not null), 0) as bigint) as used_days
from marked
where is_accepted or is_completed or is_overdue
group by department
order by completed desc, accepted desc, department
