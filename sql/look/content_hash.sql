-- Grain: one line: a digest of the newest truth, the same for the same cases in any order; where a case was read is left out.
-- cases: how many
-- content_hash: the digest
select
    count(*) as cases,
    md5(concat_ws('|', count(*), sum(md5_number_lower(row_text)), sum(md5_number_upper(row_text)))) as content_hash
from (
    select
        concat_ws(
            '|', case_no, item_type, item_type_label, group_key, item_code, item_name, department, department_code, area_code,
            is_in_scope, case_kind, channel, coalesce(cast(statutory_days as varchar), ''), coalesce(cast(applied_at as varchar), ''), coalesce(cast(accepted_at as varchar), ''),
            coalesce(cast(due_at as varchar), ''), coalesce(cast(completed_at as varchar), ''), result, status, is_void,
            is_not_admitted) as row_text
    from cases
) texts
