-- becomes: a view
-- Grain: one delivered row that is neither quarantined nor a repeat: what the fold takes in. Columns: as described_rows.
select r.*
from described_rows r
anti join quarantined_rows q on q.table_no = r.table_no and q.row_no = r.row_no
anti join repeated_rows p on p.table_no = r.table_no and p.row_no = r.row_no
