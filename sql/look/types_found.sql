-- Grain: one file being folded and one item type found in it, whether its rows are readable or not.
-- file: the file
-- item_type_label: 事项类型, or the text as delivered
-- group_key: licence, public_service, other_power, unclassified
-- is_in_scope: whether the area is 省本级
-- row_count: rows
select t.file, f.item_type_label, f.group_key, f.is_in_scope, count(*) as row_count
from described_rows r
join delivered_tables t on t.table_no = r.table_no
join facets f on f.facet_id = r.facet_id
group by t.file, f.item_type_label, f.group_key, f.is_in_scope
order by t.file, f.group_key, f.item_type_label, f.is_in_scope desc
