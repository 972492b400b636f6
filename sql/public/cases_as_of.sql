-- Grain: one case 办件 as the deliveries with a cut-off up to $as_of tell it, classified by the present rules. Columns: as cases.
select
    s.case_no, s.item_type, s.item_type_label, s.group_key, s.item_code, s.item_name,
    s.department, s.department_code, s.area_code, s.is_in_scope, s.case_kind, s.channel, s.statutory_days,
    s.applied_at, s.accepted_at, s.due_at, s.completed_at, s.result, s.status, s.is_void, s.is_not_admitted,
    s.delivery_id, s.file, s.sheet, s.row_no, s.completion_file, s.completion_sheet, s.completion_row_no
from described_states s
left join deliveries u on u.delivery_no = s.to_delivery
where s.cut_off <= cast($as_of as date)
and (s.to_delivery is null or (u.cut_off > cast($as_of as date) and s.to_delivery > s.from_delivery))
