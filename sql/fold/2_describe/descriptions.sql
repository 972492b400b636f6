-- becomes: a table
-- Grain: one description of the staged rows: its parts made clean once instead of row by row.
-- description, description_key: as staged
-- is_whole: it has as many parts as it should; a cell that holds the separator itself adds one
-- item_type_text, item_code_text, item_name_text, department_text, department_code_text, area_text, case_kind_text, channel_text: clean
-- result_text, status_text, statutory_text: clean
-- hint_text: the file's item type where neither the row's type nor its item code tells one, else ''
with staged as (
    select distinct description, description_key
    from staged_rows
    where is_case
),
whole as (
    select t.description, t.description_key, coalesce(t.description, k.description) as text
    from staged t
    left join known_descriptions k on t.description is null and k.description_key = t.description_key
),
parted as (
    select
        description,
        description_key,
        length(text) - length(replace(text, chr(31), '')) = 11 as is_whole,
        clean_text(split_part(text, chr(31), 1)) as item_type_text,
        clean_id(split_part(text, chr(31), 2)) as item_code_text,
        clean_text(split_part(text, chr(31), 3)) as item_name_text,
        clean_text(split_part(text, chr(31), 4)) as department_text,
        clean_id(split_part(text, chr(31), 5)) as department_code_text,
        clean_id(split_part(text, chr(31), 6)) as area_text,
        clean_text(split_part(text, chr(31), 7)) as case_kind_text,
        clean_text(split_part(text, chr(31), 8)) as channel_text,
        clean_text(split_part(text, chr(31), 9)) as result_text,
        clean_text(split_part(text, chr(31), 10)) as status_text,
        clean_text(split_part(text, chr(31), 11)) as statutory_text,
        split_part(text, chr(31), 12) as type_hint
    from whole
)
select
    description, description_key, is_whole,
    item_type_text, item_code_text, item_name_text, department_text, department_code_text, area_text, case_kind_text, channel_text,
    result_text, status_text, statutory_text,
    case
        when item_type_text = '' and regexp_extract(item_code_text, $type_pattern, 1) = '' then type_hint else ''
    end as hint_text
from parted
