-- Grain: one of the first ten open items of the quarantine of the newest cut-off.
-- row_id, file, sheet, row_no, department: as quarantine_items
-- case_no: as it may be shown (mask_case_no)
-- reason: what is wrong, in Chinese
select row_id, file, sheet, row_no, mask_case_no(case_no) as case_no, department, reason
from (
    select *, row_number() over (order by item_no) as place
    from quarantine_items
    where closed_by = '' and is_new
) numbered
where place <= 10
order by place
