-- Grain: one department with cases of the three groups in scope from $start_on through $end_on, by deliveries with a cut-off up to $as_of.
-- name: 实施主体 or 受理部门
-- accepted, completed, carried_over: cases
select
    department as name,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count
where is_in_scope and group_key <> 'unclassified'
and day >= cast($start_on as date) and day <= cast($end_on as date)
and cut_off <= cast($as_of as date)
group by department
having sum(accepted) <> 0 or sum(completed) <> 0
order by sum(accepted) desc, sum(completed) desc, department
