-- Grain: one state of a case, described, with its places: what lies under cases, cases_as_of and case_versions; ask those. Columns: as cases.
-- cut_off: the cut-off of that delivery
-- from_delivery, to_delivery: its number, and that of the delivery that changed it, as in case_states
select
    s.case_no,
    f.item_type, f.item_type_label, f.group_key, f.item_code, f.item_name,
    f.department, f.department_code, f.area_code, f.is_in_scope, f.case_kind, f.channel, f.statutory_days,
    s.applied_at, s.accepted_at, s.due_at, s.completed_at,
    o.result, o.status, o.is_void, o.is_not_admitted,
    d.delivery_id, t.file, t.sheet, s.row_no,
    case when s.completed_at is not null then coalesce(c.file, t.file) end as completion_file,
    case when s.completed_at is not null then coalesce(c.sheet, t.sheet) end as completion_sheet,
    case when s.completed_at is not null then coalesce(s.completion_row_no, s.row_no) end as completion_row_no,
    d.cut_off, s.from_delivery, s.to_delivery
from case_states s
join facets f on f.facet_id = s.facet_id
join outcomes o on o.outcome_id = s.outcome_id
join deliveries d on d.delivery_no = s.from_delivery
join delivered_tables t on t.table_no = s.table_no
left join delivered_tables c on c.table_no = s.completion_table_no
