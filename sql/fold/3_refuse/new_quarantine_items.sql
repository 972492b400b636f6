-- becomes: rows of quarantine
-- Grain: one cell (or whole row) of the deliveries being folded that could not be read. Columns: as the table quarantine.
select
    (select coalesce(max(item_no), 0) from quarantine) + row_number() over (order by q.table_no, q.row_no, q.rule, q.column_name)
        as item_no,
    d.delivery_id, t.file, t.sheet, q.row_no, q.rule, q.column_name, substr(q.value, 1, 200) as value, q.reason,
    case when q.rule like 'case_no%' then '' else coalesce(r.case_no, clean_id(k.case_no), '') end as case_no,
    coalesce(f.department, '') as department,
    cast(null as varchar) as closed_by
from quarantined_rows q
join delivered_tables t on t.table_no = q.table_no
join deliveries d on d.delivery_no = t.delivery_no
left join described_rows r on r.table_no = q.table_no and r.row_no = q.row_no
left join facets f on f.facet_id = r.facet_id
left join skipped_lines k on k.table_no = q.table_no and k.line = q.row_no
order by item_no
