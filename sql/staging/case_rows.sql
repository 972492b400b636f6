-- Grain: one staged row that is a case: it holds anything, and is neither a total nor a note nor the header again.
-- row_index: its number, in the order of reading
-- table_no, case_no, spelling, spelling_key, applied_at, accepted_at, due_at, completed_at, version_at: as staged_rows
-- accepted_unread, completed_unread, other_unread, is_around, is_blank: as staged_rows
select * from indexed_rows where not is_blank and not is_around
