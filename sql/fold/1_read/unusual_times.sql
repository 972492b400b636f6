-- becomes: newer values of staged_rows, by row_index
-- Grain: one staged row with a time in no usual form (read_times), or with one that the profile says means "no time".
-- row_index: the row
-- applied_at, accepted_at, due_at, completed_at, version_at: as in staged_rows, now read in every form (docs/method.md §5)
-- applied_unread, accepted_unread, due_unread, completed_unread, version_unread: the clean text that is no time; NULL where all is well
-- moved: the text of an acceptance or completion that its offset moved to another day
-- is_around, is_case: as in staged_rows; a row with a time that counts is no total and no note
with unusual as (
    select *
    from staged_rows
    where applied_unread is not null or accepted_unread is not null or due_unread is not null or completed_unread is not null
        or version_unread is not null
        or $none_days <> '' and (
            strpos($none_days, substr(cast(applied_at as varchar), 1, 10)) > 0 or strpos($none_days, substr(cast(accepted_at as varchar), 1, 10)) > 0 or strpos($none_days, substr(cast(due_at as varchar), 1, 10)) > 0
            or strpos($none_days, substr(cast(completed_at as varchar), 1, 10)) > 0 or strpos($none_days, substr(cast(version_at as varchar), 1, 10)) > 0)
),
timed as (
    select
        u.row_index, u.is_around, u.is_case,
        p.dated as applied_dated, coalesce(u.applied_at, p.time_at) as applied_time, p.unread as applied_unread,
        a.dated as accepted_dated, coalesce(u.accepted_at, a.time_at) as accepted_time, a.unread as accepted_unread,
        d.dated as due_dated, coalesce(u.due_at, d.time_at) as due_time, d.unread as due_unread,
        c.dated as completed_dated, coalesce(u.completed_at, c.time_at) as completed_time, c.unread as completed_unread,
        v.dated as version_dated, coalesce(u.version_at, v.time_at) as version_time, v.unread as version_unread,
        coalesce(a.moved, c.moved) as moved
    from unusual u
    left join read_times p on p.text = u.applied_unread
    left join read_times a on a.text = u.accepted_unread
    left join read_times d on d.text = u.due_unread
    left join read_times c on c.text = u.completed_unread
    left join read_times v on v.text = u.version_unread
)
select
    row_index,
    case when not means_none(applied_dated, applied_time, $none_days) then applied_time end as applied_at,
    case when not means_none(accepted_dated, accepted_time, $none_days) then accepted_time end as accepted_at,
    case when not means_none(due_dated, due_time, $none_days) then due_time end as due_at,
    case when not means_none(completed_dated, completed_time, $none_days) then completed_time end as completed_at,
    case when not means_none(version_dated, version_time, $none_days) then version_time end as version_at,
    applied_unread, accepted_unread, due_unread, completed_unread, version_unread, moved,
    is_around and accepted_time is null and completed_time is null as is_around,
    is_case or is_around and (accepted_time is not null or completed_time is not null) as is_case
from timed
