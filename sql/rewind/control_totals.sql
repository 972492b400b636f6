-- becomes: the table control_totals
-- Grain: as the table control_totals, of cut-offs through $as_of. Columns: as the table control_totals.
select * from control_totals where cut_off <= cast($as_of as date)
