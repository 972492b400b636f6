-- becomes: rows of staged_rows, numbered by row_index
-- Grain: one row of one delivered table, in its order; times typed, descriptions still as delivered (see descriptions).
-- table_no: the table (delivered_tables)
-- case_no: 办件编号, opaque, clean; where the source's numbers are unique only within something, that is put behind it (keys_with_parts)
-- description: type, item code, item name, department, its code, area, case kind, channel, result, status, statutory limit and the
--     type that the file's name tells, as delivered, '' where NULL: one text, since rows share a few thousand of them; a separator stands between.
--     NULL where the engine has given it a number (known_descriptions)
-- description_key: that number, or one made of the text; that two descriptions share one is possible, and allowed for
-- applied_at, accepted_at, due_at, completed_at, version_at: wall time of the source's zone; NULL where blank or unreadable, and where
--     the day is one that means "no time". At first only those in a usual form (plain_time), see unusual_times
-- applied_unread, accepted_unread, due_unread, completed_unread, version_unread: the text that is no time; NULL where all is well. At
--     first every text that is in no usual form
-- moved: the text of an acceptance or completion that its offset moved to another day; NULL where there is none
-- is_around: a total, a note or the header again, as its first text says
-- is_case: it holds anything in an allow-listed column, and is not around
-- key_part: what else the source's numbers are unique within, as delivered
with timed as (
    select
        *,
        clean_id(case_no) as clean_no,
        concat(
            item_type, chr(31), item_code, chr(31), item_name, chr(31), department, chr(31), department_code, chr(31), area_code, chr(31),
            case_kind, chr(31), channel, chr(31), result, chr(31), status, chr(31), statutory_limit, chr(31), $type_hint) as description,
        plain_time(applied_at) as applied_plain,
        plain_time(accepted_at) as accepted_plain,
        plain_time(due_at) as due_plain,
        plain_time(completed_at) as completed_plain,
        plain_time(version_at) as version_plain
    from source_rows
),
numbered as (
    select *, description_number(description) as known_key from timed
),
sorted_out as (
    select
        cast($table_no as integer) as table_no,
        clean_no as case_no,
        case when known_key is null then description end as description,
        coalesce(known_key, text_key(description)) as description_key,
        applied_plain as applied_at,
        accepted_plain as accepted_at,
        due_plain as due_at,
        completed_plain as completed_at,
        version_plain as version_at,
        case when applied_at <> '' and applied_plain is null then applied_at end as applied_unread,
        case when accepted_at <> '' and accepted_plain is null then accepted_at end as accepted_unread,
        case when due_at <> '' and due_plain is null then due_at end as due_unread,
        case when completed_at <> '' and completed_plain is null then completed_at end as completed_unread,
        case when version_at <> '' and version_plain is null then version_at end as version_unread,
        case
            when accepted_plain is not null or completed_plain is not null then false
            else regexp_matches(
                coalesce(nullif(clean_no, ''), nullif(clean_text(item_type), ''), nullif(clean_text(item_name), ''), clean_text(department)),
                $around_pattern)
        end as is_around,
        case
            when accepted_plain is not null or completed_plain is not null or clean_no <> '' then false
            else is_nothing(visible(concat_ws(
                '|', item_type, item_code, item_name, department, department_code, area_code, case_kind, channel, result, status, statutory_limit,
                applied_at, accepted_at, due_at, completed_at, version_at)))
        end as is_blank,
        key_part
    from numbered
)
select
    table_no, case_no, description, description_key, applied_at, accepted_at, due_at, completed_at, version_at,
    applied_unread, accepted_unread, due_unread, completed_unread, version_unread, cast(null as varchar) as moved, is_around,
    not is_around and not is_blank as is_case, key_part
from sorted_out
