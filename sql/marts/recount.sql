-- Grain: one group, department, scope and month in which the ledger and a fresh count over the cases disagree; none is right.
-- group_key, department, is_in_scope, month: where they disagree
-- accepted, completed, carried_over: ledger minus recount
with entries as (
    select group_key, department, is_in_scope, day, accepted, completed, carried_over from daily_count
    union all
    select group_key, department, is_in_scope, accepted_on, -1, 0, 0
    from counted_states
    where to_delivery is null and accepted_on is not null
    union all
    select group_key, department, is_in_scope, completed_on, 0, -1, case when is_carried_over then -1 else 0 end
    from counted_states
    where to_delivery is null and completed_on is not null
)
select
    group_key, department, is_in_scope,
    cast(date_trunc('month', day) as date) as month,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from entries
group by group_key, department, is_in_scope, cast(date_trunc('month', day) as date)
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
