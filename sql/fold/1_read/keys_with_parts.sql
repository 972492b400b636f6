-- becomes: newer values of staged_rows, by row_index
-- Grain: one staged row with a number, of a source whose numbers are unique within a department, an area or an item only.
-- row_index: the row
-- case_no: its number, and behind it what $key_parts name, such as ',case_no,department,', always in this order
with told as (
    select r.row_index, r.case_no, r.key_part, coalesce(r.description, k.description) as text
    from staged_rows r
    left join known_descriptions k on r.description is null and k.description_key = r.description_key
    where r.case_no <> ''
)
select
    row_index,
    concat_ws(
        '·',
        case_no,
        case when $key_parts like '%,department,%' then clean_text(split_part(text, chr(31), 4)) end,
        case when $key_parts like '%,department_code,%' then clean_id(split_part(text, chr(31), 5)) end,
        case when $key_parts like '%,area_code,%' then clean_id(split_part(text, chr(31), 6)) end,
        case when $key_parts like '%,item_code,%' then clean_id(split_part(text, chr(31), 2)) end,
        case when $key_parts like '%,key_part,%' then clean_text(key_part) end) as case_no
from told
