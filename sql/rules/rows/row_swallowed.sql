-- severity: quarantine
-- reason: docs/method.md §5: a quotation mark that opens in one line and closes in another may have made one row of two
-- zh: 一个引号跨越了这些行，可能吞并了其中的办件，请改正引号后重新报送
-- en: a quotation mark spans these lines and may have swallowed a case: mend it and deliver them again
select table_no, line as row_no, '' as column_name, evidence as value
from skipped_lines
where flaw = 'quotes'
