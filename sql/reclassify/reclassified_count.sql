-- becomes: rows of daily_count
-- Grain: what other rules change of what one delivery changed, for one day and one combination of categories; signed, never zero.
-- Added up with what stands in the ledger it gives what stood there if the rules had always been so. Columns: as the table daily_count.
with entries as (
    select
        delivery_id, cut_off, day, item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel,
        accepted, completed, carried_over
    from ledger_entries
    union all
    select
        delivery_id, cut_off, day, item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel,
        -accepted, -completed, -carried_over
    from daily_count
)
select
    delivery_id, cut_off, 'rules' as cause, day,
    item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(completed) as bigint) as completed,
    cast(sum(carried_over) as bigint) as carried_over
from entries
group by
    delivery_id, cut_off, day, item_type, item_type_label, group_key, department, area_code, is_in_scope, case_kind, channel
having sum(accepted) <> 0 or sum(completed) <> 0 or sum(carried_over) <> 0
