-- becomes: a view
-- Grain: one combination of descriptions known already, to be classified by other rules. Columns: as facets_to_classify.
select item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel, statutory_text, type_hint
from facets
