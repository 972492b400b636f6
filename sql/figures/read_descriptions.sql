-- Grain: one way that a row describes a case, as far as it decides where the case counts.
-- item_type_text, item_code, area_text: 事项类型, 实施编码, 行政区划 as delivered, cleaned
-- group_key: the group it was read as
-- is_in_scope: whether it counts
select item_type_text, item_code, area_text, group_key, is_in_scope
from facets
group by item_type_text, item_code, area_text, group_key, is_in_scope
order by item_type_text, item_code, area_text, group_key, is_in_scope
