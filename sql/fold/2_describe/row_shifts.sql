-- becomes: a table
-- Grain: one staged row with lines above it that gave no row.
-- table_no, row_index: the row
-- shift: how many such lines stand above it
with first_marks as (
    select table_no, min(readable_before) as place from skipped_lines group by table_no
),
marks as (
    select t.table_no, r.row_index, r.row_index - t.first_row_index as place, 0 as is_skipped
    from staged_rows r
    join tables_in_fold t on t.table_no = r.table_no
    join first_marks f on f.table_no = r.table_no
    where r.row_index - t.first_row_index >= f.place
    union all
    select table_no, cast(null as bigint) as row_index, readable_before as place, 1 as is_skipped
    from skipped_lines
)
select table_no, row_index, shift
from (
    select
        table_no, row_index,
        sum(is_skipped) over (
            partition by table_no order by place, is_skipped desc rows between unbounded preceding and current row) as shift
    from marks
) counted
where row_index is not null and shift > 0
