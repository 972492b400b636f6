-- becomes: a table
-- Grain: one table of the cut-off being folded.
-- table_no, delivery_no: its numbers
-- header_row: the row of its header
-- first_row_index: where its rows begin among the staged ones; 0 where there are none
-- cut_off_end: the first moment after the cut-off day
-- received_end: the first moment after the day the file was received
-- corrects: its file outranks the others of its cut-off
-- has_acceptance, has_completion, has_outcome: the column families it speaks for
select
    t.table_no, t.delivery_no, t.header_row, coalesce(s.first_row_index, 0) as first_row_index,
    cast(d.cut_off as timestamp) + interval 1 day as cut_off_end,
    cast(t.received_on as timestamp) + interval 1 day as received_end,
    t.corrects, t.has_acceptance, t.has_completion, t.has_outcome
from delivered_tables_in_fold n
join delivered_tables t on t.table_no = n.table_no
left join (select table_no, min(row_index) as first_row_index from staged_rows group by table_no) s on s.table_no = n.table_no
join deliveries d on d.delivery_no = t.delivery_no
