-- Grain: one combination of descriptions as the staged rows spell it, and the facet it is.
-- item_type, item_code, item_name, department, department_code, area_code, case_kind, channel, type_hint: as staged
-- facet_id: the facet
select
    s.item_type, s.item_code, s.item_name, s.department, s.department_code, s.area_code, s.case_kind, s.channel, s.type_hint,
    f.facet_id
from spellings s
join facets f
    on f.item_type_text = s.item_type_text and f.item_code = s.item_code_text and f.item_name = s.item_name_text
    and f.department = s.department_text and f.department_code = s.department_code_text and f.area_text = s.area_text
    and f.case_kind = s.case_kind_text and f.channel = s.channel_text and f.type_hint = s.hint_text
