-- becomes: the table no_business
-- Grain: as the table no_business, of cut-offs through $as_of. Columns: as the table no_business.
select * from no_business where cut_off <= cast($as_of as date)
