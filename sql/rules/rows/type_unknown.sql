-- severity: warning
-- reason: docs/method.md §2, §3: never dropped, never silently added
-- zh: 事项类型不在数据源的类型表中，计入未归类
-- en: the item type is not in the source's own table: counted as unclassified
select r.table_no, r.row_no, 'item_type' as column_name, f.item_type_text as value
from described_rows r
join facets f on f.facet_id = r.facet_id
where r.has_acceptance and f.group_key = 'unclassified'
