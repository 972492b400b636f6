-- Grain: one label of unclassified cases in scope that count from $start_on through $end_on, by deliveries with a cut-off up to $as_of.
-- label: 事项类型 as delivered, or 未注明
-- accepted, completed, carried_over: cases
select
    item_type_label as label,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from daily_count
where is_in_scope and group_key = 'unclassified'
and day >= cast($start_on as date) and day <= cast($end_on as date)
and cut_off <= cast($as_of as date)
group by item_type_label
having sum(accepted) <> 0 or sum(completed) <> 0
order by item_type_label
