-- becomes: the table waivers
-- Grain: as the table waivers, of cut-offs through $as_of. Columns: as the table waivers.
select * from waivers where cut_off <= cast($as_of as date)
