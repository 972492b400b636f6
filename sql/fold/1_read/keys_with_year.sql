-- becomes: newer values of staged_rows, by row_index
-- Grain: one staged row with an acceptance, of a source whose numbers are unique within a year.
-- row_index: the row
-- case_no: its number, and the year of its acceptance
select row_index, concat(case_no, '·', cast(extract(year from accepted_at) as varchar)) as case_no
from staged_rows
where case_no <> '' and accepted_at is not null
