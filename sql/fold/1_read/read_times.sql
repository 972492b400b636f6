-- becomes: a table
-- Grain: one text that stands where a time should and is in no usual form (plain_time).
-- text: as delivered
-- dated: what it says, with its date first
-- time_at: the time it tells, in every form (docs/method.md §5), also one that means "no time"; NULL where it is no time
-- unread: the clean text where it is no time; NULL where all is well, or it says nothing
-- moved: the clean text where its offset moved it to another day
with texts as (
    select applied_unread as text from staged_rows where applied_unread is not null
    union
    select accepted_unread as text from staged_rows where accepted_unread is not null
    union
    select due_unread as text from staged_rows where due_unread is not null
    union
    select completed_unread as text from staged_rows where completed_unread is not null
    union
    select version_unread as text from staged_rows where version_unread is not null
),
-- a step for each function: nested in one another they are planned again and again
seen as (
    select text, visible(half_width(text)) as seen from texts
),
spelled as (
    select text, time_text(nullif(clean_seen(seen), '')) as spelled from seen
),
in_digits as (
    select text, spelled, arabic_day(spelled) as digits from spelled
),
with_dates_first as (
    select text, spelled, dated(digits, $is_month_first, $is_day_first, $has_two_digit_years) as dated from in_digits
),
timed as (
    select text, spelled, dated, read_time(dated, $time_zone) as time_at from with_dates_first
)
select
    text, dated, time_at,
    case when time_at is null then nullif(clean_text(text), '') end as unread,
    case when is_moved(spelled, dated, time_at) then clean_text(text) end as moved
from timed
