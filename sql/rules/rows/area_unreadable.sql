-- severity: quarantine
-- reason: docs/method.md §2, §4: the area decides the scope
-- zh: 行政区划无法识别，应为区划代码（六位或十二位数字），实施编码也没有说明
-- en: the area is no area code (six or twelve digits), and the item code does not tell it
select r.table_no, r.row_no, 'area_code' as column_name, f.area_text as value
from described_rows r
join facets f on f.facet_id = r.facet_id
where r.has_acceptance and not f.is_area_readable
