-- Grain: one row of one delivered table, in its order; texts are clean ('' where blank), times typed.
-- table_no: the table (delivered_tables)
-- case_no: 办件编号, opaque
-- item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel: as delivered, clean
-- type_hint: the item type that the file's name tells; '' where the row's type or item code tells it
-- result, status: as delivered, clean
-- applied_at, accepted_at, due_at, completed_at, version_at: wall time Asia/Shanghai; NULL where blank or unreadable
-- accepted_unread, completed_unread, other_unread: the text that is no time; NULL where all is well
-- is_around: it is no case, but a total, a note or the header again: its first text says so
-- is_blank: no allow-listed cell holds anything
with cleaned as (
    select
        clean_id(case_no) as case_no,
        clean_text(item_type) as item_type_text,
        clean_id(item_code) as item_code,
        clean_text(item_name) as item_name,
        clean_text(department) as department,
        clean_id(department_code) as department_code,
        clean_id(area_code) as area_text,
        clean_text(case_kind) as case_kind,
        clean_text(channel) as channel,
        clean_text(result) as result,
        clean_text(status) as status,
        blank_time(clean_text(applied_at)) as applied_text,
        blank_time(clean_text(accepted_at)) as accepted_text,
        blank_time(clean_text(due_at)) as due_text,
        blank_time(clean_text(completed_at)) as completed_text,
        blank_time(clean_text(version_at)) as version_text
    from source_rows
)
select
    cast($table_no as integer) as table_no,
    case_no,
    item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel,
    case
        when item_type_text = '' and regexp_extract(item_code, $type_pattern, 1) = '' then cast($type_hint as varchar)
        else ''
    end as type_hint,
    result, status,
    read_time(applied_text) as applied_at,
    read_time(accepted_text) as accepted_at,
    read_time(due_text) as due_at,
    read_time(completed_text) as completed_at,
    read_time(version_text) as version_at,
    case when accepted_text <> '' and read_time(accepted_text) is null then accepted_text end as accepted_unread,
    case when completed_text <> '' and read_time(completed_text) is null then completed_text end as completed_unread,
    case
        when applied_text <> '' and read_time(applied_text) is null then applied_text
        when due_text <> '' and read_time(due_text) is null then due_text
        when version_text <> '' and read_time(version_text) is null then version_text
    end as other_unread,
    regexp_matches(
        case
            when case_no <> '' then case_no
            when item_type_text <> '' then item_type_text
            when item_name <> '' then item_name
            else department
        end, $around_pattern) as is_around,
    concat(
        case_no, item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel, result, status,
        applied_text, accepted_text, due_text, completed_text, version_text) = '' as is_blank
from cleaned
