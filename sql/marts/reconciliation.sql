-- Grain: one line: the rows and columns of all loaded files.
-- files, rows_read, rows_loaded, rows_repeated, rows_quarantined, personal_columns, other_columns: their sums
select
    count(*) as files,
    cast(coalesce(sum(rows_read), 0) as bigint) as rows_read,
    cast(coalesce(sum(rows_loaded), 0) as bigint) as rows_loaded,
    cast(coalesce(sum(rows_repeated), 0) as bigint) as rows_repeated,
    cast(coalesce(sum(rows_quarantined), 0) as bigint) as rows_quarantined,
    cast(coalesce(sum(personal_columns), 0) as bigint) as personal_columns,
    cast(coalesce(sum(other_columns), 0) as bigint) as other_columns
from delivered_files
