-- Grain: one line of a text that has not as many fields as the header.
-- table_no, row_no: where it stands
-- rule, column_name, value, reason: as the table quarantine; the line itself may hold personal data and is not kept
select table_no, line as row_no, 'row_structure' as rule, '' as column_name, '' as value, cast($reason as varchar) as reason
from skipped_lines
where is_rejected
