-- becomes: newer values of delivered_tables, by table_no
-- Grain: one table being folded, its rows counted each on its own: that their sum is right is checked, not assumed.
-- table_no: the table
-- rows_read: rows that hold anything
-- rows_around: totals, notes and repeated headers, which are no cases
-- rows_loaded, rows_repeated, rows_quarantined: what became of them
with staged as (
    select table_no, count(*) filter (where is_case) as cases, count(*) filter (where is_around) as others
    from staged_rows
    group by table_no
),
skipped as (
    select
        table_no,
        count(*) filter (where flaw not in ('', 'around')) as cases,
        count(*) filter (where flaw = 'around') as others
    from skipped_lines
    group by table_no
),
loaded as (
    select table_no, count(*) as cases from readable_rows group by table_no
),
repeated as (
    select table_no, count(*) as cases from repeated_rows group by table_no
),
quarantined as (
    select table_no, count(distinct row_no) as cases from quarantined_rows group by table_no
)
select
    t.table_no,
    coalesce(s.cases, 0) + coalesce(k.cases, 0) as rows_read,
    coalesce(s.others, 0) + coalesce(k.others, 0) as rows_around,
    coalesce(l.cases, 0) as rows_loaded,
    coalesce(r.cases, 0) as rows_repeated,
    coalesce(q.cases, 0) as rows_quarantined
from tables_in_fold t
left join staged s on s.table_no = t.table_no
left join skipped k on k.table_no = t.table_no
left join loaded l on l.table_no = t.table_no
left join repeated r on r.table_no = t.table_no
left join quarantined q on q.table_no = t.table_no
