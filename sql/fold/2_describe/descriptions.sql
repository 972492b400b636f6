-- becomes: a table
-- Grain: one description of the staged rows. Columns: as cleaned_descriptions.
-- item_name_text, department_text: as they were first spelled (spellings)
select
    c.description, c.description_key, c.is_whole,
    c.item_type_text, c.item_code_text,
    coalesce(i.spelling, c.item_name_text) as item_name_text,
    coalesce(d.spelling, c.department_text) as department_text,
    c.department_code_text, c.area_text, c.case_kind_text, c.channel_text, c.result_text, c.status_text, c.statutory_text, c.hint_text,
    c.unreadable_column, c.unreadable_text
from cleaned_descriptions c
left join spellings i on i.kind = 'item' and i.name = c.item_name_text
left join spellings d on d.kind = 'department' and d.name = c.department_text
