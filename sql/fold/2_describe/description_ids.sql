-- becomes: a table
-- Grain: one description of the staged rows, and what it is.
-- description, description_key: as staged
-- is_only_one: no other description has its key
-- facet_id, outcome_id: its descriptions; its result and status
-- is_void: the outcome is
-- unreadable_column, unreadable_text: its first cell that holds an error of a spreadsheet; NULL where none does
select
    s.description, s.description_key, count(*) over (partition by s.description_key) = 1 as is_only_one,
    f.facet_id, o.outcome_id, o.is_void, s.unreadable_column, s.unreadable_text
from descriptions s
join facets f
    on f.item_type_text = s.item_type_text and f.item_code = s.item_code_text and f.item_name = s.item_name_text
    and f.department = s.department_text and f.department_code = s.department_code_text and f.area_text = s.area_text
    and f.case_kind = s.case_kind_text and f.channel = s.channel_text and f.statutory_text = s.statutory_text and f.type_hint = s.hint_text
join outcomes o on o.result = s.result_text and o.status = s.status_text
