-- Grain: one group, department, scope and month in which the ledger and a fresh count over the cases disagree; none is right.
-- cut_off: the newest one
-- place: where they disagree: group, department, whether in scope, month
-- accepted, completed, carried_over: ledger minus recount
-- difference: 1
with months as (
    -- grouped by numbers, which is twice as quick as by the first day of each month
    select
        facet_id, is_carried_over,
        cast(date_trunc('month', min(accepted_on)) as date) as accepted_in,
        cast(date_trunc('month', min(completed_on)) as date) as completed_in,
        count(*) as cases
    from counted_states
    where to_delivery is null
    group by
        facet_id, is_carried_over, 12 * extract(year from accepted_on) + extract(month from accepted_on),
        12 * extract(year from completed_on) + extract(month from completed_on)
),
cases as (
    select facet_id, accepted_in as month, -cases as accepted, 0 as completed, 0 as carried_over
    from months
    where accepted_in is not null
    union all
    select
        facet_id, completed_in as month, 0 as accepted, -cases as completed,
        case when is_carried_over then -cases else 0 end as carried_over
    from months
    where completed_in is not null
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
    (select max(cut_off) from deliveries) as cut_off,
    concat_ws(' ', group_key, department, case when is_in_scope then '' else 'out_of_scope' end, cast(month as varchar)) as place,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over,
    1 as difference
from entries
group by group_key, department, is_in_scope, month
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
