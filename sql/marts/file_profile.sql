-- Grain: one loaded file of at least 50 rows.
-- file: its path below data/raw
-- quarantined_share_file: of rows read
select file, cast(rows_quarantined as double) / rows_read as quarantined_share_file
from delivered_files
where rows_read >= 50
