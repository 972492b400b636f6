-- Grain: what one delivery changed for one day and one combination of categories; double entry, signed, never zero.
-- delivery_id, cut_off: the delivery, from number $first_delivery on
-- day: the day of acceptance or completion
-- item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel: the categories
-- accepted, completed: cases more or fewer
-- carried_over: of completed, those accepted in an earlier year
with moves as (
    select from_delivery as delivery_no, 1 as sign, * from counted_states where from_delivery >= $first_delivery
    union all
    select to_delivery as delivery_no, -1 as sign, * from counted_states where to_delivery >= $first_delivery
),
days as (
    select
        delivery_no, accepted_on as day,
        item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel,
        sign as accepted, 0 as completed, 0 as carried_over
    from moves
    where accepted_on is not null
    union all
    select
        delivery_no, completed_on as day,
        item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel,
        0 as accepted, sign as completed, case when is_carried_over then sign else 0 end as carried_over
    from moves
    where completed_on is not null
)
select
    p.delivery_id, p.cut_off, d.day,
    d.item_type, d.item_type_label, d.group_key, d.department, d.area_code, d.is_in_scope, d.case_kind, d.channel,
    cast(sum(d.accepted) as bigint) as accepted,
    cast(sum(d.completed) as bigint) as completed,
    cast(sum(d.carried_over) as bigint) as carried_over
from days d
join deliveries p on p.delivery_no = d.delivery_no
group by
    p.delivery_id, p.cut_off, d.day,
    d.item_type, d.item_type_label, d.group_key, d.department, d.area_code, d.is_in_scope, d.case_kind, d.channel
having sum(d.accepted) <> 0 or sum(d.completed) <> 0 or sum(d.carried_over) <> 0
