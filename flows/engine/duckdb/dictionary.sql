-- Grain: one column of a table or view of the warehouse, or one macro, with its words.
-- name: of the table, view or macro; a macro's with its parameters
-- kind: table, view, macro
-- words: its grain
-- column_name, column_type, column_words: the column; empty for a macro
select name, kind, words, column_name, column_type, column_words
from (
    select o.name, o.kind, o.words, c.column_name, c.data_type as column_type, c.comment as column_words, c.column_index
    from (
        select table_name as name, 'table' as kind, comment as words from duckdb_tables() where not temporary
        union all
        select view_name as name, 'view' as kind, comment as words from duckdb_views() where not temporary and not internal
    ) o
    join duckdb_columns() c on c.table_name = o.name and c.schema_name = 'main'
    union all
    select
        concat(function_name, '(', array_to_string(parameters, ', '), ')') as name, 'macro' as kind, comment as words,
        '' as column_name, '' as column_type, '' as column_words, 0 as column_index
    from duckdb_functions()
    where function_type = 'table_macro' and not internal and schema_name = 'main'
) explained
order by kind, name, column_index
