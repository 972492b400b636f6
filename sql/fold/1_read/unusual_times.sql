-- becomes: newer values of staged_rows, by row_index
-- Grain: one staged row with a time in no usual form, or with one that the profile says means "no time".
-- row_index: the row
-- applied_at, accepted_at, due_at, completed_at, version_at: as in staged_rows, now read in every form (docs/method.md §5)
-- applied_unread, accepted_unread, due_unread, completed_unread, version_unread: the clean text that is no time; NULL where all is well
-- moved: the text of an acceptance or completion that its offset moved to another day
-- is_around, is_case: as in staged_rows; a row with a time that counts is no total and no note
with seen as (
    select
        *,
        visible(half_width(applied_unread)) as applied_seen,
        visible(half_width(accepted_unread)) as accepted_seen,
        visible(half_width(due_unread)) as due_seen,
        visible(half_width(completed_unread)) as completed_seen,
        visible(half_width(version_unread)) as version_seen
    from staged_rows
    where applied_unread is not null or accepted_unread is not null or due_unread is not null or completed_unread is not null
        or version_unread is not null
        or $none_days <> '' and (
            strpos($none_days, substr(cast(applied_at as varchar), 1, 10)) > 0 or strpos($none_days, substr(cast(accepted_at as varchar), 1, 10)) > 0 or strpos($none_days, substr(cast(due_at as varchar), 1, 10)) > 0
            or strpos($none_days, substr(cast(completed_at as varchar), 1, 10)) > 0 or strpos($none_days, substr(cast(version_at as varchar), 1, 10)) > 0)
),
spelled as (
    select
        *,
        time_text(nullif(clean_seen(applied_seen), '')) as applied_text,
        time_text(nullif(clean_seen(accepted_seen), '')) as accepted_text,
        time_text(nullif(clean_seen(due_seen), '')) as due_text,
        time_text(nullif(clean_seen(completed_seen), '')) as completed_text,
        time_text(nullif(clean_seen(version_seen), '')) as version_text
    from seen
),
in_digits as (
    select
        *,
        arabic_day(applied_text) as applied_digits,
        arabic_day(accepted_text) as accepted_digits,
        arabic_day(due_text) as due_digits,
        arabic_day(completed_text) as completed_digits,
        arabic_day(version_text) as version_digits
    from spelled
),
with_dates_first as (
    select
        *,
        dated(applied_digits, $is_month_first, $is_day_first, $has_two_digit_years) as applied_dated,
        dated(accepted_digits, $is_month_first, $is_day_first, $has_two_digit_years) as accepted_dated,
        dated(due_digits, $is_month_first, $is_day_first, $has_two_digit_years) as due_dated,
        dated(completed_digits, $is_month_first, $is_day_first, $has_two_digit_years) as completed_dated,
        dated(version_digits, $is_month_first, $is_day_first, $has_two_digit_years) as version_dated
    from in_digits
),
timed as (
    select
        *,
        coalesce(applied_at, read_time(applied_dated, $time_zone)) as applied_time,
        coalesce(accepted_at, read_time(accepted_dated, $time_zone)) as accepted_time,
        coalesce(due_at, read_time(due_dated, $time_zone)) as due_time,
        coalesce(completed_at, read_time(completed_dated, $time_zone)) as completed_time,
        coalesce(version_at, read_time(version_dated, $time_zone)) as version_time
    from with_dates_first
)
select
    row_index,
    case when not means_none(applied_dated, applied_time, $none_days) then applied_time end as applied_at,
    case when not means_none(accepted_dated, accepted_time, $none_days) then accepted_time end as accepted_at,
    case when not means_none(due_dated, due_time, $none_days) then due_time end as due_at,
    case when not means_none(completed_dated, completed_time, $none_days) then completed_time end as completed_at,
    case when not means_none(version_dated, version_time, $none_days) then version_time end as version_at,
    case when applied_time is null then nullif(clean_text(applied_unread), '') end as applied_unread,
    case when accepted_time is null then nullif(clean_text(accepted_unread), '') end as accepted_unread,
    case when due_time is null then nullif(clean_text(due_unread), '') end as due_unread,
    case when completed_time is null then nullif(clean_text(completed_unread), '') end as completed_unread,
    case when version_time is null then nullif(clean_text(version_unread), '') end as version_unread,
    case
        when is_moved(accepted_text, accepted_dated, accepted_time) then clean_text(accepted_unread)
        when is_moved(completed_text, completed_dated, completed_time) then clean_text(completed_unread)
    end as moved,
    is_around and accepted_time is null and completed_time is null as is_around,
    is_case or is_around and (accepted_time is not null or completed_time is not null) as is_case
from timed
