-- severity: quarantine
-- reason: docs/method.md §5: a byte that belongs to no character costs its row, and no other one
-- zh: 该行含有损坏的字节，无法还原文字
-- en: the line holds a damaged byte: its text cannot be told
select table_no, line as row_no, '' as column_name, concat('第 ', evidence, ' 字节') as value
from skipped_lines
where flaw = 'bytes'
