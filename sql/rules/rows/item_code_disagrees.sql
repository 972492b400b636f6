-- severity: warning
-- tolerance: disagreeing_share
-- reason: docs/method.md §3: about 0.2 % of real items; the type column wins, the disagreement is counted
-- zh: 事项类型与实施编码中的类型不一致，以事项类型为准
-- en: item type and item code tell different types; the type column wins
select r.table_no, r.row_no, 'item_type' as column_name, f.item_type_text as value
from described_rows r
join facets f on f.facet_id = r.facet_id
where f.is_type_disagreeing
