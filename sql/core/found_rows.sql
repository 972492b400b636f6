-- Grain: one row that a quarantine rule of sql/checks has found.
-- table_no, row_no: where it stands
-- rule, column_name, value, reason: as the table quarantine
select table_no, row_no, cast($rule as varchar) as rule, column_name, value, cast($reason as varchar) as reason
from found_rows
