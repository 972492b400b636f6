-- Grain: one loaded table: a text file, or one worksheet.
-- cut_off, place: of its delivery; its file and worksheet
-- is_truncated: 1 where it says at its end that it is not whole
-- is_full: 1 where it ends at the last row a worksheet can have (65,536 or 1,048,576) and no other table of its file goes on
select
    d.cut_off,
    case when t.sheet = '' then t.file else concat(t.file, ' ［', t.sheet, '］') end as place,
    cast(t.is_truncated as integer) as is_truncated,
    case
        when t.header_row + t.rows_read + t.rows_around in (65536, 1048576)
            and not exists (select 1 from delivered_tables n where n.file = t.file and n.table_no = t.table_no + 1)
            then 1
        else 0
    end as is_full
from delivered_tables t
join deliveries d on d.delivery_no = t.delivery_no
order by t.table_no
