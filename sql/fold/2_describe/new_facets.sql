-- becomes: rows of facets
-- Grain: one combination of descriptions not seen before. Columns: as the table facets.
select
    cast((select coalesce(max(facet_id), 0) from facets) + row_number() over (order by facet_key) as integer) as facet_id,
    facet_key,
    item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel, statutory_text, type_hint, statutory_days,
    item_type, item_type_label, group_key, area_code, is_in_scope, is_area_readable, is_type_disagreeing, is_body_code_wrong
from classified_facets
