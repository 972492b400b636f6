-- becomes: rows of staged_rows, numbered by row_index
-- Grain: one row of one delivered table, in its order; times typed, descriptions still as delivered (see descriptions).
-- table_no: the table (delivered_tables)
-- case_no: 办件编号, opaque, clean; where the source's numbers are unique only within something, with that behind it: the parts of
--     $key_parts, such as ',case_no,department,', put together
-- description: type, item code, item name, department, its code, area, case kind, channel, result, status, statutory limit and the
--     type that the file's name tells, as delivered, '' where NULL: one text, since rows share a few thousand of them; a separator stands between.
--     NULL where the engine has given it a number (known_descriptions)
-- description_key: that number, or one made of the text; that two descriptions share one is possible, and allowed for
-- applied_at, accepted_at, due_at, completed_at, version_at: wall time Asia/Shanghai; NULL where blank or unreadable
-- accepted_unread, completed_unread, other_unread: the text that is no time; NULL where all is well
-- is_around: a total, a note or the header again, as its first text says
-- is_case: it holds anything in an allow-listed column, and is not around
with plain as (
    -- nearly every time needs no cleaning; the others take the long way
    select
        *,
        plain_time(applied_at) as applied_plain,
        plain_time(accepted_at) as accepted_plain,
        plain_time(due_at) as due_plain,
        plain_time(completed_at) as completed_plain,
        plain_time(version_at) as version_plain
    from source_rows
),
cleaned as (
    select
        *,
        case when applied_at is not null and applied_plain is null then blank_time(clean_text(applied_at)) end as applied_text,
        case when accepted_at is not null and accepted_plain is null then blank_time(clean_text(accepted_at)) end as accepted_text,
        case when due_at is not null and due_plain is null then blank_time(clean_text(due_at)) end as due_text,
        case when completed_at is not null and completed_plain is null then blank_time(clean_text(completed_at)) end as completed_text,
        case when version_at is not null and version_plain is null then blank_time(clean_text(version_at)) end as version_text
    from plain
),
ordered as (
    select
        *,
        case when $is_month_first then put_year_first(applied_text) else applied_text end as applied_ordered,
        case when $is_month_first then put_year_first(accepted_text) else accepted_text end as accepted_ordered,
        case when $is_month_first then put_year_first(due_text) else due_text end as due_ordered,
        case when $is_month_first then put_year_first(completed_text) else completed_text end as completed_ordered,
        case when $is_month_first then put_year_first(version_text) else version_text end as version_ordered
    from cleaned
),
timed as (
    select
        *,
        clean_id(case_no) as clean_no,
        concat(
            item_type, chr(31), item_code, chr(31), item_name, chr(31), department, chr(31), department_code, chr(31), area_code, chr(31),
            case_kind, chr(31), channel, chr(31), result, chr(31), status, chr(31), statutory_limit, chr(31), $type_hint) as description,
        case when applied_ordered <> '' then read_time(applied_ordered) else applied_plain end as applied_time,
        case when accepted_ordered <> '' then read_time(accepted_ordered) else accepted_plain end as accepted_time,
        case when due_ordered <> '' then read_time(due_ordered) else due_plain end as due_time,
        case when completed_ordered <> '' then read_time(completed_ordered) else completed_plain end as completed_time,
        case when version_ordered <> '' then read_time(version_ordered) else version_plain end as version_time
    from ordered
),
numbered as (
    select *, description_number(description) as known_key from timed
),
sorted_out as (
    select
        cast($table_no as integer) as table_no,
        case
            when $key_parts = ',case_no,' then clean_no
            when clean_no = '' then clean_no
            else concat_ws(
                '·',
                clean_no,
                case when $key_parts like '%,department,%' then clean_text(department) end,
                case when $key_parts like '%,department_code,%' then clean_id(department_code) end,
                case when $key_parts like '%,area_code,%' then clean_id(area_code) end,
                case when $key_parts like '%,item_code,%' then clean_id(item_code) end,
                case when $key_parts like '%,year,%' then cast(extract(year from accepted_time) as varchar) end,
                case when $key_parts like '%,key_part,%' then clean_text(key_part) end)
        end as case_no,
        case when known_key is null then description end as description,
        coalesce(known_key, text_key(description)) as description_key,
        applied_time as applied_at,
        accepted_time as accepted_at,
        due_time as due_at,
        completed_time as completed_at,
        version_time as version_at,
        case when accepted_time is null then nullif(accepted_text, '') end as accepted_unread,
        case when completed_time is null then nullif(completed_text, '') end as completed_unread,
        coalesce(
            case when applied_time is null then nullif(applied_text, '') end,
            case when due_time is null then nullif(due_text, '') end,
            case when version_time is null then nullif(version_text, '') end) as other_unread,
        case
            when accepted_time is not null or completed_time is not null then false
            else regexp_matches(
                coalesce(nullif(clean_no, ''), nullif(clean_text(item_type), ''), nullif(clean_text(item_name), ''), clean_text(department)),
                $around_pattern)
        end as is_around,
        case
            when accepted_time is not null or completed_time is not null or clean_no <> '' then false
            else concat(
                clean_text(item_type), clean_id(item_code), clean_text(item_name), clean_text(department), clean_id(department_code),
                clean_id(area_code), clean_text(case_kind), clean_text(channel), clean_text(result), clean_text(status), clean_text(statutory_limit),
                applied_text, accepted_text, due_text, completed_text, version_text) = ''
                and applied_time is null and due_time is null and version_time is null
        end as is_blank
    from numbered
)
select
    table_no, case_no, description, description_key, applied_at, accepted_at, due_at, completed_at, version_at,
    accepted_unread, completed_unread, other_unread, is_around,
    not is_around and not is_blank as is_case
from sorted_out
