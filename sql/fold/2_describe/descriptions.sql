-- becomes: a table
-- Grain: one description of the staged rows: its parts made clean once instead of row by row.
-- description, description_key: as staged
-- is_whole: it has as many parts as it should; a cell that holds the separator itself adds one
-- item_type_text, item_code_text, item_name_text, department_text, department_code_text, area_text, case_kind_text, channel_text: clean
-- result_text, status_text, statutory_text: clean; codes in half width and without a decimal tail (docs/method.md §4)
-- unreadable_column, unreadable_text: the first cell that holds an error of a spreadsheet, which is taken as empty; NULL where none does
-- hint_text: the file's item type where neither the row's type nor its item code tells one, else ''
with staged as (
    select distinct description, description_key
    from staged_rows
    where is_case
),
whole as (
    select t.description, t.description_key, coalesce(t.description, k.description) as text
    from staged t
    left join known_descriptions k on t.description is null and k.description_key = t.description_key
),
parted as (
    select
        description,
        description_key,
        length(text) - length(replace(text, chr(31), '')) = 11 as is_whole,
        clean_text(split_part(text, chr(31), 1)) as item_type_cell,
        clean_text(split_part(text, chr(31), 2)) as item_code_cell,
        clean_text(split_part(text, chr(31), 3)) as item_name_cell,
        clean_text(split_part(text, chr(31), 4)) as department_cell,
        clean_text(split_part(text, chr(31), 5)) as department_code_cell,
        clean_text(split_part(text, chr(31), 6)) as area_cell,
        clean_text(split_part(text, chr(31), 7)) as case_kind_cell,
        clean_text(split_part(text, chr(31), 8)) as channel_cell,
        clean_text(split_part(text, chr(31), 9)) as result_cell,
        clean_text(split_part(text, chr(31), 10)) as status_cell,
        clean_text(split_part(text, chr(31), 11)) as statutory_cell,
        split_part(text, chr(31), 12) as type_hint
    from whole
),
cleaned as (
    -- what an error of a spreadsheet stands for is not known: it counts as empty, and is told
    select
        *,
        case when is_error(item_type_cell) then '' else clean_code(item_type_cell) end as item_type_text,
        case when is_error(item_code_cell) then '' else whole_code(half_width(item_code_cell)) end as item_code_text,
        case when is_error(item_name_cell) then '' else item_name_cell end as item_name_text,
        case when is_error(department_cell) then '' else department_cell end as department_text,
        case when is_error(department_code_cell) then '' else whole_code(half_width(department_code_cell)) end as department_code_text,
        case when is_error(area_cell) then '' else whole_code(half_width(area_cell)) end as area_text,
        case when is_error(case_kind_cell) then '' else clean_code(case_kind_cell) end as case_kind_text,
        case when is_error(channel_cell) then '' else clean_code(channel_cell) end as channel_text,
        case when is_error(result_cell) then '' else clean_code(result_cell) end as result_text,
        case when is_error(status_cell) then '' else clean_code(status_cell) end as status_text,
        case when is_error(statutory_cell) then '' else clean_code(statutory_cell) end as statutory_text,
        case
            when is_error(item_type_cell) then 'item_type'
            when is_error(item_code_cell) then 'item_code'
            when is_error(item_name_cell) then 'item_name'
            when is_error(department_cell) then 'department'
            when is_error(department_code_cell) then 'department_code'
            when is_error(area_cell) then 'area_code'
            when is_error(case_kind_cell) then 'case_kind'
            when is_error(channel_cell) then 'channel'
            when is_error(result_cell) then 'result'
            when is_error(status_cell) then 'status'
            when is_error(statutory_cell) then 'statutory_limit'
        end as unreadable_column,
        case
            when is_error(item_type_cell) then item_type_cell
            when is_error(item_code_cell) then item_code_cell
            when is_error(item_name_cell) then item_name_cell
            when is_error(department_cell) then department_cell
            when is_error(department_code_cell) then department_code_cell
            when is_error(area_cell) then area_cell
            when is_error(case_kind_cell) then case_kind_cell
            when is_error(channel_cell) then channel_cell
            when is_error(result_cell) then result_cell
            when is_error(status_cell) then status_cell
            when is_error(statutory_cell) then statutory_cell
        end as unreadable_text
    from parted
)
select
    c.description, c.description_key, c.is_whole,
    c.item_type_text, c.item_code_text,
    coalesce(n.spelling, c.item_name_text) as item_name_text,
    coalesce(d.spelling, c.department_text) as department_text,
    c.department_code_text, c.area_text, c.case_kind_text, c.channel_text, c.result_text, c.status_text, c.statutory_text,
    case
        when c.item_type_text = '' and regexp_extract(c.item_code_text, $type_pattern, 1) = '' then c.type_hint else ''
    end as hint_text,
    c.unreadable_column, c.unreadable_text
from cleaned c
left join spellings n on n.kind = 'item' and n.name = c.item_name_text
left join spellings d on d.kind = 'department' and d.name = c.department_text
