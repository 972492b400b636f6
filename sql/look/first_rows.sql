-- Grain: one of the first three rows of a table being folded, as it is read; the case number is masked.
-- table_no, row_no: where it stands
-- file, sheet: the table's place
-- case_no: masked
-- item_type_label, department, area_code, accepted_at, completed_at, result: as read
select r.table_no, r.row_no, t.file, t.sheet,
    mask_case_no(r.case_no) as case_no,
    f.item_type_label, f.department, f.area_code, r.accepted_at, r.completed_at, o.result
from (
    select *, row_number() over (partition by table_no order by row_no) as place
    from described_rows
) r
join delivered_tables t on t.table_no = r.table_no
join facets f on f.facet_id = r.facet_id
join outcomes o on o.outcome_id = r.outcome_id
where r.place <= 3
order by r.table_no, r.row_no
