-- becomes: newer values of delivered_tables, by table_no
-- Grain: one table being folded, its rows counted each on its own: that their sum is right is checked, not assumed.
-- table_no: the table
-- rows_read: rows that hold anything
-- rows_around: totals, notes and repeated headers, which are no cases
-- rows_loaded, rows_repeated, rows_quarantined: what became of them
select
    t.table_no,
    (select count(*) from staged_rows r where r.table_no = t.table_no and r.is_case)
    + (select count(*) from skipped_lines r where r.table_no = t.table_no and r.flaw not in ('', 'around')) as rows_read,
    (select count(*) from staged_rows r where r.table_no = t.table_no and r.is_around)
    + (select count(*) from skipped_lines r where r.table_no = t.table_no and r.flaw = 'around') as rows_around,
    (select count(*) from readable_rows r where r.table_no = t.table_no) as rows_loaded,
    (select count(*) from repeated_rows r where r.table_no = t.table_no) as rows_repeated,
    (select count(distinct row_no) from quarantined_rows r where r.table_no = t.table_no) as rows_quarantined
from tables_in_fold t
