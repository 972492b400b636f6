-- becomes: newer values of facets, by facet_key
-- Grain: one combination of descriptions known already, classified by other rules. Columns: as classified_facets.
select * from classified_facets
