-- Grain: one loaded file.
-- delivery_id: the delivery it came with
-- file: its path below data/raw
-- sha256: digest of its content, by which it is known
-- bytes: its size
-- received_on: the day it was received
-- encoding: of text; else its form; several in an archive
-- rows_around: totals, notes and repeated headers, which are no cases
-- rows_read: rows that hold anything
-- rows_loaded: taken in as versions of cases
-- rows_repeated: word for word what an earlier row of the same cut-off says
-- rows_quarantined: not readable, see quarantine
-- personal_columns: columns known to hold personal data, dropped
-- other_columns: other columns outside the allow-list, dropped
select
    d.delivery_id, t.file, t.sha256, t.bytes, t.received_on,
    string_agg(distinct t.encoding, ', ' order by t.encoding) as encoding,
    cast(sum(t.rows_around) as bigint) as rows_around,
    cast(sum(t.rows_read) as bigint) as rows_read,
    cast(sum(t.rows_loaded) as bigint) as rows_loaded,
    cast(sum(t.rows_repeated) as bigint) as rows_repeated,
    cast(sum(t.rows_quarantined) as bigint) as rows_quarantined,
    cast(sum(t.personal_columns) as bigint) as personal_columns,
    cast(sum(t.other_columns) as bigint) as other_columns
from delivered_tables t
join deliveries d on d.delivery_no = t.delivery_no
group by d.delivery_id, t.file, t.sha256, t.bytes, t.received_on
