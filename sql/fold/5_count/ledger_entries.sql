-- becomes: a table
-- Grain: what one delivery changed for one day and one combination of categories; double entry, signed, never zero.
-- delivery_id, cut_off: the delivery, from number $first_delivery on
-- cause: data
-- day: the day of acceptance or completion
-- item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel: the categories
-- accepted, completed: cases more or fewer
-- carried_over: of completed, those accepted in an earlier year
with moves as (
    select from_delivery as delivery_no, 1 as sign, facet_id, accepted_on, completed_on, is_carried_over
    from counted_states
    where from_delivery >= $first_delivery
    union all
    select to_delivery as delivery_no, -1 as sign, facet_id, accepted_on, completed_on, is_carried_over
    from counted_states
    where to_delivery >= $first_delivery
),
-- combinations of descriptions are added up by their number first: a number is quicker to compare than eight texts
days as (
    select delivery_no, facet_id, accepted_on as day, sum(sign) as accepted, 0 as completed, 0 as carried_over
    from moves
    where accepted_on is not null
    group by delivery_no, facet_id, accepted_on
    union all
    select
        delivery_no, facet_id, completed_on as day, 0 as accepted, sum(sign) as completed,
        sum(case when is_carried_over then sign else 0 end) as carried_over
    from moves
    where completed_on is not null
    group by delivery_no, facet_id, completed_on
)
select
    p.delivery_id, p.cut_off, 'data' as cause, d.day,
    f.item_type, f.item_type_label, f.group_key, f.department, f.area_code, f.is_in_scope, f.case_kind, f.channel,
    cast(sum(d.accepted) as bigint) as accepted,
    cast(sum(d.completed) as bigint) as completed,
    cast(sum(d.carried_over) as bigint) as carried_over
from days d
join facets f on f.facet_id = d.facet_id
join deliveries p on p.delivery_no = d.delivery_no
group by
    p.delivery_id, p.cut_off, d.day,
    f.item_type, f.item_type_label, f.group_key, f.department, f.area_code, f.is_in_scope, f.case_kind, f.channel
having sum(d.accepted) <> 0 or sum(d.completed) <> 0 or sum(d.carried_over) <> 0
