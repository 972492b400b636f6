-- Grain: one delivered row that is neither quarantined nor a repeat: what the fold takes in. Columns: as delivered_rows.
select r.*
from delivered_rows r
where not exists (select 1 from quarantined_rows q where q.table_no = r.table_no and q.row_no = r.row_no)
and not exists (select 1 from repeated_rows p where p.table_no = r.table_no and p.row_no = r.row_no)
