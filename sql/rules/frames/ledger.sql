-- Grain: one group, department, scope and day for which the ledger and a fresh count over the cases disagree; none is right.
-- cut_off: the newest one
-- place: where they disagree: group, department, whether in scope, day
-- accepted, completed, carried_over: ledger minus recount
-- difference: 1
with entries as (
    select group_key, department, is_in_scope, day, accepted, completed, carried_over
    from daily_count
    union all
    select f.group_key, f.department, f.is_in_scope, c.day, -c.accepted, -c.completed, -c.carried_over
    from counted_days c
    join facets f on f.facet_id = c.facet_id
    where c.day is not null
)
select
    (select max(cut_off) from deliveries) as cut_off,
    concat_ws(' ', group_key, department, case when not is_in_scope then 'out_of_scope' end, cast(day as varchar)) as place,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over,
    1 as difference
from entries
group by group_key, department, is_in_scope, day
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
