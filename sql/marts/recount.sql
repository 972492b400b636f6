-- Grain: one group, department, scope and month in which the ledger and a fresh count over the cases disagree; none is right.
-- group_key, department, is_in_scope, month: where they disagree
-- accepted, completed, carried_over: ledger minus recount
with cases as (
    select facet_id, cast(date_trunc('month', accepted_on) as date) as month, -count(*) as accepted, 0 as completed, 0 as carried_over
    from counted_states
    where to_delivery is null and accepted_on is not null
    group by facet_id, cast(date_trunc('month', accepted_on) as date)
    union all
    select
        facet_id, cast(date_trunc('month', completed_on) as date) as month, 0 as accepted, -count(*) as completed,
        -count(*) filter (where is_carried_over) as carried_over
    from counted_states
    where to_delivery is null and completed_on is not null
    group by facet_id, cast(date_trunc('month', completed_on) as date)
),
entries as (
    select
        group_key, department, is_in_scope, cast(date_trunc('month', day) as date) as month, accepted, completed, carried_over
    from daily_count
    union all
    select f.group_key, f.department, f.is_in_scope, c.month, c.accepted, c.completed, c.carried_over
    from cases c
    join facets f on f.facet_id = c.facet_id
)
select
    group_key, department, is_in_scope, month,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from entries
group by group_key, department, is_in_scope, month
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
