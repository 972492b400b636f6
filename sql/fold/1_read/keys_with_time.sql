-- becomes: newer values of staged_rows, by row_index
-- Grain: one staged row with an acceptance, of a source whose numbers are unique within a year, or within a day.
-- row_index: the row
-- case_no: its number, and the year or the day of its acceptance, as $part says
select
    row_index,
    concat(case_no, '·', substr(cast(accepted_at as varchar), 1, case when $part = 'day' then 10 else 4 end)) as case_no
from staged_rows
where case_no <> '' and accepted_at is not null
