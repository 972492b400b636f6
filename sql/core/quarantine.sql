-- Grain: one cell (or whole row) of the deliveries being folded that could not be read. Columns: as the table quarantine.
select d.delivery_id, t.file, t.sheet, q.row_no, q.rule, q.column_name, substr(q.value, 1, 200) as value, q.reason
from quarantined_rows q
join delivered_tables t on t.table_no = q.table_no
join deliveries d on d.delivery_no = t.delivery_no
order by q.table_no, q.row_no, q.rule
