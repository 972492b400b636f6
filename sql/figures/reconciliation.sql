-- Grain: one line: the rows and columns of all loaded files of deliveries with a cut-off up to $as_of.
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
where exists (
    select 1 from deliveries d where d.delivery_id = delivered_files.delivery_id and d.cut_off <= cast($as_of as date))
