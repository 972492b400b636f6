-- Grain: one row: the staged ones.
-- row_count: how many have a time in no usual form, or one that the profile says means "no time" (unusual_times)
select count(*) as row_count
from staged_rows
where applied_unread is not null or accepted_unread is not null or due_unread is not null or completed_unread is not null
    or version_unread is not null or $none_days <> ''
