-- Grain: one area with cases of the three groups from $start_on through $end_on, by deliveries with a cut-off up to $as_of.
-- name: 行政区划
-- accepted, completed, carried_over: cases
select
    area_code as name,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count
where group_key <> 'unclassified'
and day >= cast($start_on as date) and day <= cast($end_on as date)
and cut_off <= cast($as_of as date)
group by area_code
having sum(accepted) <> 0 or sum(completed) <> 0
order by sum(accepted) desc, sum(completed) desc, area_code
