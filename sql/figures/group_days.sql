-- Grain: one day and one group in scope, from $start_on through $end_on, with cases, by deliveries with a cut-off up to $as_of.
-- day: the day of acceptance or completion
-- group_key: licence, public_service, other_power
-- accepted, completed, carried_over: cases
select
    day, group_key,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count
where is_in_scope and group_key <> 'unclassified'
and day >= cast($start_on as date) and day <= cast($end_on as date)
and cut_off <= cast($as_of as date)
group by day, group_key
order by day, group_key
