-- Grain: one loaded file of enough rows to judge shares of them.
-- cut_off, place: of its delivery; its path below data/raw
-- quarantined_share_file, repeated_share_file: of rows read
select
    d.cut_off,
    f.file as place,
    cast(f.rows_quarantined as double) / f.rows_read as quarantined_share_file,
    cast(f.rows_repeated as double) / f.rows_read as repeated_share_file
from delivered_files f
join deliveries d on d.delivery_id = f.delivery_id
where f.rows_read >= (select max(value) from tolerances where name = 'share_least_rows_file')
order by d.cut_off, f.file
