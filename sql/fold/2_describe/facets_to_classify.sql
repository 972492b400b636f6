-- becomes: a view
-- Grain: one combination of descriptions not seen before, to be classified.
-- item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel, statutory_text, type_hint: clean
select distinct
    item_type_text, item_code_text as item_code, item_name_text as item_name, department_text as department,
    department_code_text as department_code, area_text, case_kind_text as case_kind, channel_text as channel,
    statutory_text, hint_text as type_hint
from descriptions s
where not exists (
    select 1 from facets f
    where f.item_type_text = s.item_type_text and f.item_code = s.item_code_text and f.item_name = s.item_name_text
    and f.department = s.department_text and f.department_code = s.department_code_text and f.area_text = s.area_text
    and f.case_kind = s.case_kind_text and f.channel = s.channel_text and f.statutory_text = s.statutory_text
    and f.type_hint = s.hint_text)
