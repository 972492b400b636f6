-- severity: warning
-- reason: docs/method.md §4, GB 32100-2015
-- zh: 统一社会信用代码（实施编码中或实施主体编码）校验位不符，按报送值载入
-- en: the check digit of a unified social credit code (in the item code, or the department's) does not fit: loaded as delivered
select r.table_no, r.row_no, 'item_code, department_code' as column_name, coalesce(nullif(f.item_code, ''), f.department_code) as value
from described_rows r
join facets f on f.facet_id = r.facet_id
where f.is_body_code_wrong
