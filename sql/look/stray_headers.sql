-- Grain: one combination of texts that a row of a staged table holds where its number and its times should be: without any digit in
-- the number, and without a time, such a row may be a second header.
-- number, accepted, completed: the texts
select distinct case_no as number, coalesce(accepted_unread, '') as accepted, coalesce(completed_unread, '') as completed
from staged_rows
where table_no = $table_no and accepted_at is null and completed_at is null and not regexp_matches(case_no, '[0-9]')
limit 1000
