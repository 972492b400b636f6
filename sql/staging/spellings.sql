-- Grain: one combination of descriptions as the staged rows spell it, made clean once instead of row by row.
-- item_type, item_code, item_name, department, department_code, area_code, case_kind, channel, type_hint: as staged
-- item_type_text, item_code_text, item_name_text, department_text, department_code_text, area_text, case_kind_text, channel_text: clean
-- hint_text: the file's item type where neither the row's type nor its item code tells one, else ''
with tuples as (
    select distinct item_type, item_code, item_name, department, department_code, area_code, case_kind, channel, type_hint
    from staged_rows
    where not is_blank and not is_around
)
select
    *,
    clean_text(item_type) as item_type_text,
    clean_id(item_code) as item_code_text,
    clean_text(item_name) as item_name_text,
    clean_text(department) as department_text,
    clean_id(department_code) as department_code_text,
    clean_id(area_code) as area_text,
    clean_text(case_kind) as case_kind_text,
    clean_text(channel) as channel_text,
    case
        when clean_text(item_type) = '' and regexp_extract(clean_id(item_code), $type_pattern, 1) = '' then type_hint else ''
    end as hint_text
from tuples
