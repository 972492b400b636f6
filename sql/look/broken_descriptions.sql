-- Grain: one row with a cell that holds the separator of descriptions, a control character that belongs into no text.
-- file, sheet, row_no: where it stands
select d.file, d.sheet, t.header_row + 1 + r.row_index - t.first_row_index + coalesce(k.shift, 0) as row_no
from staged_rows r
join descriptions s on s.description_key = r.description_key and s.description is not distinct from r.description
join tables_in_fold t on t.table_no = r.table_no
join delivered_tables d on d.table_no = r.table_no
left join row_shifts k on k.table_no = r.table_no and k.row_index = r.row_index
where r.is_case and not s.is_whole
order by r.row_index
