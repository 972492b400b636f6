-- severity: quarantine
-- reason: docs/method.md §4: refuse damaged numbers
-- zh: 办件编号带小数尾“.0”，同表其他编号却没有（或超过15位，末位已失真），原号无法确定；请以文本格式重新导出
-- en: the case number has the tail .0 of a decimal number, where others of its table have none (or it has more digits than are kept): export it as text
select table_no, row_no, 'case_no' as column_name, case_no as value
from described_rows
where (case_no like '%.0' or case_no like '%.00') and regexp_matches(case_no, '^[0-9]+[.]0+$')
